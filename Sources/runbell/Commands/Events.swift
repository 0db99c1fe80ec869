import ArgumentParser
import Notifications

struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Post events, and see their delivery results.",
        discussion: "Example: runbell events list --organization 1",
        subcommands: [Post.self, List.self, Show.self, Explain.self])

    struct Post: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Post an event from a file (needs a service key).",
            discussion: """
                Example:
                  echo '{"event": "test.finished", "status": 3, "user_id": 1, "name": "Checkout", "organization_id": 1,
                    "load_test_id": 1, "load_test_run_id": 42, "project_id": 1}' | runbell events post -
                """)

        @Argument(help: "A JSON file with an event or a list of up to 1,000 (- for standard input).") var file: String
        @Option(help: "Posting again with the same key creates no second event.") var idempotencyKey: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let api = try client.client()
            let content = try InputFile.json(file)
            if case .array = content { return try await postBatch(content, api) }
            let headers = idempotencyKey.map { [HTTPMessage.Header("Idempotency-Key", $0)] } ?? []
            let answer = try await api.send(.post, "/v1/events", body: content, headers: headers)
            client.present(answer) { accepted in
                let counts = accepted["deliveries"] ?? .null
                return "Accepted as \(accepted["id"]?.cell ?? "?"): "
                    + "\(counts["due"]?.cell ?? "0") to be delivered, \(counts["skipped"]?.cell ?? "0") skipped."
            }
        }

        private func postBatch(_ events: JSONValue, _ api: APIClient) async throws {
            let answer = try await api.send(.post, "/v1/events/batch", body: ["events": events], deadline: .seconds(60))
            let results = answer.json["results"]?.array ?? []
            let refused = results.filter { $0["status"]?.integer != 202 }
            client.present(answer) { _ in "\(results.count - refused.count) accepted, \(refused.count) rejected." }
            if !refused.isEmpty { throw ExitCode(CommandExit.refused.rawValue) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List an organization's events, newest first.",
            discussion: "Example: runbell events list --organization 1 --run 42")

        @Option(help: "This event type.") var type: String?
        @Option(name: .customLong("run"), help: "This run.") var runNumber: Int64?
        @OptionGroup var period: PeriodOptions
        @OptionGroup var organization: OrganizationOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let filters = [Query("type", type), Query("load_test_run_id", runNumber.map { String($0) })] + period.query
            let answer = try await api.get(path + "/events", query: filters + page.query)
            let headings = Table("ID", "NUMBER", "RECEIVED", "EVENT", "RUN", "STATUS", "NAME")
            organization.client.present(list: answer, headings) { event, table in
                let content = event["content"] ?? .null
                table.add(
                    event["id"]?.cell, event["sequence"]?.cell, event["received_at"]?.moment, content["event"]?.cell,
                    content["load_test_run_id"]?.cell, content["status_text"]?.cell, content["name"]?.cell)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an event and its delivery results, with the reasons.",
            discussion: "Example: runbell events show 0190f1c4-… --organization 1")

        @Argument(help: "The event's ID.") var event: String
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let answer = try await api.get("\(path)/events/\(Query.escape(event))")
            organization.client.present(answer, as: Self.text)
        }

        private static func text(_ event: JSONValue) -> String {
            var listing = Listing()
            listing.add("id", event["id"]?.cell)
            listing.add("received", event["received_at"]?.moment)
            for member in event["content"]?.object?.members ?? [] { listing.add(member.key, member.value.cell) }
            var table = Table("CHANNEL", "KIND", "STATE", "WHAT HAPPENED")
            for outcome in event["outcomes"]?.array ?? [] {
                table.add(
                    outcome["channel_name"]?.cell, outcome["kind"]?.cell, outcome["state"]?.cell, outcome["text"]?.cell)
            }
            return listing.text + "\n\n" + (table.rows.isEmpty ? "There were no channels." : table.text)
        }
    }
}

extension Events {
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Explain, in one line per channel, why an event did or did not arrive.",
            discussion: "Example: runbell events explain 0190f1c4-… --organization 1")

        @Argument(help: "The event's ID.") var event: String
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let answer = try await api.get("\(path)/events/\(Query.escape(event))")
            organization.client.present(answer) { event in
                let lines = (event["outcomes"]?.array ?? []).map { outcome in
                    "\(outcome["channel_name"]?.cell ?? "?") (\(outcome["kind"]?.cell ?? "?")): "
                        + (outcome["text"]?.cell ?? "?")
                }
                return lines.isEmpty ? "There were no channels." : lines.map(\.printable).joined(separator: "\n")
            }
        }
    }
}

/// Options for a period.
struct PeriodOptions: ParsableArguments {
    @Option(help: "From this time on, such as 2026-11-23T10:00:00Z.") var since: String?
    @Option(help: "Before this time.") var until: String?

    var query: [Query] { [Query("since", since), Query("until", until)] }
}
