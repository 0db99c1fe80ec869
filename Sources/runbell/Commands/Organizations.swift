import ArgumentParser
import Notifications

struct Organizations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, create, rename and show organizations.",
        discussion: """
            Example, with the operator's key:
              export RUNBELL_KEY="$(cat .runbell/operator.key)"
              runbell organizations save 1 --name "Default organization" --owner 1
            """,
        subcommands: [List.self, Save.self, Show.self, Set.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List all organizations, by number (needs the operator's key).",
            discussion: "Example: runbell organizations list --limit 250")

        @OptionGroup var page: PageOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let answer = try await client.client().get("/v1/organizations", query: page.query)
            client.present(list: answer, Table("ID", "NAME", "EVENTS KEPT", "AUDIT LOG KEPT", "CREATED")) {
                organization, table in
                table.add(
                    organization["id"]?.cell, organization["name"]?.cell,
                    organization["retention_days"]?.cell.map { "\($0) days" },
                    organization["audit_retention_days"]?.cell.map { "\($0) days" }, organization["created_at"]?.moment)
            }
        }
    }

    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or rename an organization (needs the operator's key).",
            discussion: "Example: runbell organizations save 1 --name \"Default organization\" --owner 1")

        @Argument(help: "The organization's ID.") var organization: Int64
        @Option(help: "Its name.") var name: String
        @Option(help: "The ID of the user who owns it.") var owner: Int64
        @Option(help: "The URL template of a run's page: https://app.example.com/runs/{load_test_run_id}")
        var runLinkTemplate: String?
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

        @Argument(help: "The organization's ID (default: --organization).") var number: Int64?
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open(number)
            organization.client.present(try await api.get(path), as: Organizations.text)
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change an organization's settings (needs an owner's or admin's key).",
            discussion: """
                Example:
                  runbell organizations set 1 --run-link-template "https://app.example.com/runs/{load_test_run_id}"
                  runbell organizations set 1 --fallback-channel 0190f1c4-… --retention-days 30
                """)

        @Argument(help: "The organization's ID (default: --organization).") var number: Int64?
        @Option(help: "The new name.") var name: String?
        @Option(help: "The URL template of a run's page; an empty value removes it.") var runLinkTemplate: String?
        @Option(help: "The channel (ID or name) that is notified when another one fails; an empty value for none.")
        var fallbackChannel: String?
        @Option(help: "How many days to keep events, 1 to 3650.") var retentionDays: Int64?
        @Option(help: "How many days to keep audit entries, 180 to 3650.") var auditRetentionDays: Int64?
        @OptionGroup var organization: OrganizationOptions

        func validate() throws {
            if body.isEmpty {
                throw ValidationError("Nothing to change; see runbell organizations set --help.")
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
            var body = body
            if let fallbackChannel, !fallbackChannel.isEmpty {
                body["fallback_channel_id"] = .string(try await api.channel(fallbackChannel, in: path))
            }
            organization.client.present(try await api.send(.patch, path, body: .object(body)), as: Organizations.text)
        }
    }

    private static func text(_ organization: JSONValue) -> String {
        var listing = Listing()
        listing.add("id", organization["id"]?.cell)
        listing.add("name", organization["name"]?.cell)
        listing.add("run URL template", organization["run_link_template"]?.cell)
        listing.add("fallback channel", organization["fallback_channel_id"]?.cell)
        listing.add("event retention", organization["retention_days"]?.cell.map { "\($0) days" })
        listing.add("audit log retention", organization["audit_retention_days"]?.cell.map { "\($0) days" })
        listing.add("created", organization["created_at"]?.moment)
        return listing.text
    }
}
