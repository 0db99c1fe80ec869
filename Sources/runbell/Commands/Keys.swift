import ArgumentParser
import Notifications

struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, create and remove keys.",
        discussion: """
            Examples:
              runbell keys create --organization 1 --user 1 --name "My laptop"
              runbell keys create --organization 1 --service --name "Test scheduler"
              runbell keys create --organization 1 --service --name CI --project 3 --user 7
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
            let headings = Table("ID", "NAME", "FOR", "RUNS", "PREFIX", "EXPIRES", "CREATED")
            organization.client.present(list: answer, headings) { key, table in
                table.add(
                    key["id"]?.cell, key["name"]?.cell, Keys.holder(key), Keys.defaults(key), key["prefix"]?.cell,
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
                  runbell keys create --organization 1 --service --name CI --project 3 --user 7

                With --project and --user, a service key says what its runs belong to, and runbell watch needs to be \
                told nothing else. --project makes it a service key, too.
                """)

        @Option(help: "A display name.") var name: String
        @Option(help: "Create a personal key, which acts as this user; of a service key, who starts its runs.")
        var user: Int64?
        @Flag(help: "Create a service key, for posting events.") var service = false
        @Option(help: "The project of a service key's runs.") var project: Int64?
        @Option(help: "When it expires, such as 2030-01-01T00:00:00Z.") var expiresAt: String?
        @OptionGroup var organization: OrganizationOptions

        func validate() throws {
            if user == nil, !isService { throw ValidationError("Pass --user ID, or --service, or --project ID.") }
        }

        private var isService: Bool { service || project != nil }

        func run() async throws {
            let (api, path) = try organization.open()
            var body = JSONObject()
            body["name"] = .string(name)
            body[isService ? "default_user_id" : "user_id"] = user.map(JSONValue.integer)
            body["default_project_id"] = project.map(JSONValue.integer)
            if isService { body["scopes"] = .array(KeyScope.allCases.map { .string($0.rawValue) }) }
            body["expires_at"] = expiresAt.map(JSONValue.string)
            let answer = try await api.send(.post, path + "/keys", body: .object(body))
            organization.client.present(answer) { key in
                var listing = Listing()
                listing.add("key", key["key"]?.cell)
                listing.add("id", key["id"]?.cell)
                listing.add("for", Keys.holder(key))
                listing.add("runs", Keys.defaults(key))
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

    /// What its runs belong to; nil if it has no defaults.
    private static func defaults(_ key: JSONValue) -> String? {
        let parts = [("project", "default_project_id"), ("user", "default_user_id")].compactMap { word, member in
            key[member]?.cell.map { "\(word) \($0)" }
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static func holder(_ key: JSONValue) -> String {
        key["user_id"]?.cell.map { "user \($0)" } ?? "service (\(key["scopes"]?.cell ?? "no scopes"))"
    }
}
