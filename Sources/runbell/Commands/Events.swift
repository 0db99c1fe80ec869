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
            let refused = results.enumerated().filter { $0.element["status"]?.integer != 202 }
            client.present(answer) { _ in "\(results.count - refused.count) accepted, \(refused.count) rejected." }
            guard !refused.isEmpty else { return }
            let mayWorkLater = refused.allSatisfy { ($0.element["status"]?.integer ?? 0) >= 500 }
            let reasons = refused.flatMap { Self.reasons($0.element, $0.offset) }
            throw CommandFailure(
                mayWorkLater ? .unavailable : .refused,
                "\(refused.count) of \(results.count) events were not accepted" + Self.listed(reasons))
        }

        /// `events[1].status: This field is required.`
        private static func reasons(_ problem: JSONValue, _ index: Int) -> [String] {
            let errors = problem["errors"]?.array ?? []
            guard !errors.isEmpty else { return ["events[\(index)]: \(problem["detail"]?.cell ?? "not stored")"] }
            return errors.map { "\($0["field"]?.cell ?? "events[\(index)]"): \($0["message"]?.cell ?? "")" }
        }

        private static let reasonsShown = 20

        private static func listed(_ reasons: [String]) -> String {
            let rest = reasons.count - reasonsShown
            return reasons.prefix(reasonsShown).map { "\n  \($0.printable)" }.joined()
                + (rest > 0 ? "\n  \(rest) more: --json shows all." : "")
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
