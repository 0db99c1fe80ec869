import ArgumentParser
import Notifications

struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, create and remove keys.",
        discussion: """
            Examples:
              runbell keys create --organization 1 --user 1 --name "My laptop"
              runbell keys create --organization 1 --service --name "Test scheduler"
            """,
        subcommands: [List.self, Create.self, Remove.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys; never the secrets in them.",
            discussion: "Example: runbell keys list --organization 1")

        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let answer = try await api.get(path + "/keys")
            organization.client.present(list: answer, Table("ID", "NAME", "FOR", "BEGINS WITH", "EXPIRES", "CREATED")) {
                key, table in
                table.add(
                    key["id"]?.cell, key["name"]?.cell, Keys.holder(key), key["prefix"]?.cell,
                    key["expires_at"]?.moment,
                    key["created_at"]?.moment)
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key, and show it this once.",
            discussion: """
                Examples:
                  runbell keys create --organization 1 --user 1 --name "My laptop"
                  runbell keys create --organization 1 --service --name Scheduler --expires-at 2030-01-01T00:00:00Z
                """)

        @Option(help: "A name for people.") var name: String
        @Option(help: "The key acts as this user.") var user: Int64?
        @Flag(help: "The key is for a program that posts events.") var service = false
        @Option(help: "When it ends, as 2030-01-01T00:00:00Z.") var expiresAt: String?
        @OptionGroup var organization: OrganizationOptions

        func validate() throws {
            if (user == nil) != service { throw ValidationError("Say either --user NUMBER or --service.") }
        }

        func run() async throws {
            let (api, path) = try organization.open()
            var body = JSONObject()
            body["name"] = .string(name)
            if let user { body["user_id"] = .integer(user) }
            if service { body["scopes"] = .array(KeyScope.allCases.map { .string($0.rawValue) }) }
            body["expires_at"] = expiresAt.map(JSONValue.string)
            let answer = try await api.send(.post, path + "/keys", body: .object(body))
            organization.client.present(answer) { key in
                var listing = Listing()
                listing.add("key", key["key"]?.cell)
                listing.add("id", key["id"]?.cell)
                listing.add("for", Keys.holder(key))
                return listing.text + "\nThis is the only time that the key is shown."
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a key; it stops working at once.",
            discussion: "Example: runbell keys remove 0190f1c4-… --organization 1")

        @Argument(help: "The key's id.") var key: String
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            _ = try await api.send(.delete, "\(path)/keys/\(Query.escape(key))")
            if !organization.client.json { Console.say("Removed.") }
        }
    }

    private static func holder(_ key: JSONValue) -> String {
        key["user_id"]?.cell.map { "user \($0)" } ?? "service (\(key["scopes"]?.cell ?? "no scopes"))"
    }
}
