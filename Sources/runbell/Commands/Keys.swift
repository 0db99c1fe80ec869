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
            abstract: "List the keys, without their secrets.",
            discussion: "Example: runbell keys list --organization 1")

        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let answer = try await api.get(path + "/keys")
            organization.client.present(list: answer, Table("ID", "NAME", "FOR", "PREFIX", "EXPIRES", "CREATED")) {
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
            abstract: "Create a key, which is shown only once.",
            discussion: """
                Examples:
                  runbell keys create --organization 1 --user 1 --name "My laptop"
                  runbell keys create --organization 1 --service --name Scheduler --expires-at 2030-01-01T00:00:00Z
                """)

        @Option(help: "A display name.") var name: String
        @Option(help: "Create a personal key, which acts as this user.") var user: Int64?
        @Flag(help: "Create a service key, for posting events.") var service = false
        @Option(help: "When it expires, such as 2030-01-01T00:00:00Z.") var expiresAt: String?
        @OptionGroup var organization: OrganizationOptions

        func validate() throws {
            if (user == nil) != service { throw ValidationError("Pass either --user ID or --service.") }
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
                return listing.text + "\nCopy the key now; it will not be shown again."
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a key, which stops working immediately.",
            discussion: "Example: runbell keys remove 0190f1c4-… --organization 1")

        @Argument(help: "The key's ID.") var key: String
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
