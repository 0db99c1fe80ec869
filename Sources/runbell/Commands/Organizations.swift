import ArgumentParser
import Notifications

struct Organizations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create, rename and show organizations.",
        discussion: """
            Example, with the operator's key:
              export RUNBELL_KEY="$(cat .runbell/operator.key)"
              runbell organizations save 1 --name "Default organization" --owner 1
            """,
        subcommands: [Save.self, Show.self, Set.self])

    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an organization, or rename it; takes the operator's key.",
            discussion: "Example: runbell organizations save 1 --name \"Default organization\" --owner 1")

        @Argument(help: "The organization's number.") var organization: Int64
        @Option(help: "Its name.") var name: String
        @Option(help: "The user who owns it.") var owner: Int64
        @Option(help: "Where a run's page is: https://app.example.com/runs/{load_test_run_id}") var runLinkTemplate:
            String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            var body: JSONObject = JSONObject()
            body["name"] = .string(name)
            body["owner_user_id"] = .integer(owner)
            body["run_link_template"] = runLinkTemplate.map(JSONValue.string)
            let answer = try await client.client().send(.put, "/v1/organizations/\(organization)", body: .object(body))
            client.present(answer, as: Organizations.text)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an organization.", discussion: "Example: runbell organizations show 1")

        @Argument(help: "The organization's number; left out: --organization.") var number: Int64?
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open(number)
            organization.client.present(try await api.get(path), as: Organizations.text)
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change an organization's settings; takes an owner's or admin's key.",
            discussion: """
                Example:
                  runbell organizations set 1 --run-link-template "https://app.example.com/runs/{load_test_run_id}"
                  runbell organizations set 1 --fallback-channel 0190f1c4-… --retention-days 30
                """)

        @Argument(help: "The organization's number; left out: --organization.") var number: Int64?
        @Option(help: "The new name.") var name: String?
        @Option(help: "Where a run's page is; the empty text removes it.") var runLinkTemplate: String?
        @Option(help: "The channel that is told when another one is in trouble; the empty text: none.")
        var fallbackChannel: String?
        @Option(help: "For how many days events are kept, 1 to 3650.") var retentionDays: Int64?
        @Option(help: "For how many days audit entries are kept, 180 to 3650.") var auditRetentionDays: Int64?
        @OptionGroup var organization: OrganizationOptions

        func validate() throws {
            if body.isEmpty {
                throw ValidationError("What is to be changed? See runbell organizations set --help.")
            }
        }

        private var body: JSONObject {
            var body = JSONObject()
            body["name"] = name.map(JSONValue.string)
            body["run_link_template"] = runLinkTemplate.map { $0.isEmpty ? .null : .string($0) }
            body["fallback_channel_id"] = fallbackChannel.map { $0.isEmpty ? .null : .string($0) }
            body["retention_days"] = retentionDays.map(JSONValue.integer)
            body["audit_retention_days"] = auditRetentionDays.map(JSONValue.integer)
            return body
        }

        func run() async throws {
            let (api, path) = try organization.open(number)
            organization.client.present(try await api.send(.patch, path, body: .object(body)), as: Organizations.text)
        }
    }

    private static func text(_ organization: JSONValue) -> String {
        var listing = Listing()
        listing.add("id", organization["id"]?.cell)
        listing.add("name", organization["name"]?.cell)
        listing.add("run link", organization["run_link_template"]?.cell)
        listing.add("fallback channel", organization["fallback_channel_id"]?.cell)
        listing.add("keeps events for", organization["retention_days"]?.cell.map { "\($0) days" })
        listing.add("keeps audit entries for", organization["audit_retention_days"]?.cell.map { "\($0) days" })
        listing.add("created", organization["created_at"]?.moment)
        return listing.text
    }
}
