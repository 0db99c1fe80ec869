import ArgumentParser
import Notifications

struct Members: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, save and remove an organization's members.",
        discussion: "Example: runbell members save 7 --role admin --organization 1",
        subcommands: [List.self, Save.self, Remove.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the members and their roles.", discussion: "Example: runbell members list --organization 1")

        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let answer = try await api.get(path + "/members")
            organization.client.present(list: answer, Table("USER", "NAME", "ROLE", "EMAIL", "SINCE")) {
                member, table in
                table.add(
                    member["user_id"]?.cell, member["display_name"]?.cell, member["role"]?.cell, member["email"]?.cell,
                    member["created_at"]?.moment)
            }
        }
    }

    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a member, or change a member's role, name or mail address.",
            discussion: """
                Examples:
                  runbell members save 7 --role admin --organization 1
                  runbell members save 7 --role admin --name Anna --email anna@example.org

                The name is shown in messages and on pages instead of the number; only owners and admins see the address. \
                An empty value removes either; left out, it stays.
                """)

        @Argument(help: "The user's ID.") var user: Int64
        @Option(help: "owner, admin or member.") var role: String
        @Option(help: "What people call the member.") var name: String?
        @Option(help: "The member's mail address.") var email: String?
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            var body = JSONObject()
            body["role"] = .string(role)
            body["display_name"] = name.map { $0.isEmpty ? .null : .string($0) }
            body["email"] = email.map { $0.isEmpty ? .null : .string($0) }
            let answer = try await api.send(.put, "\(path)/members/\(user)", body: .object(body))
            organization.client.present(answer) {
                "User \($0["user_id"]?.cell ?? String(user)) is now \($0["role"]?.cell ?? role)."
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a member.", discussion: "Example: runbell members remove 7 --organization 1")

        @Argument(help: "The user's ID.") var user: Int64
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            _ = try await api.send(.delete, "\(path)/members/\(user)")
            if !organization.client.json { Console.say("Removed.") }
        }
    }
}
