import ArgumentParser
import Notifications

extension Audit {
    struct Checkpoints: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the signed checkpoints of all audit logs, to be stored elsewhere (operator only).",
            discussion: """
                Example, once an hour, on another machine:
                  runbell audit checkpoints --after "$(tail -n 1 kept.ndjson | jq .number)" >> kept.ndjson
                  runbell audit verify kept.ndjson
                """)

        @Option(help: "Only checkpoints after this number.") var after: Int64 = 0
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let api = try client.client()
            if after > 0 { try await requireKept(api) }
            var last = after
            while true {
                let found = try await Self.page(api, after: last)
                guard let newest = found.last else { return }
                for checkpoint in found { Console.say(bytes: Array(CheckpointFile.line(checkpoint).utf8)) }
                last = newest.number
            }
        }

        /// The service must still have what the caller has stored: otherwise there would be nothing new until its numbers
        /// have caught up, and a restored copy would be noticed only then.
        private func requireKept(_ api: APIClient) async throws {
            guard try await Self.page(api, after: after - 1).isEmpty else { return }
            throw CommandFailure(
                .failed,
                "the service has no checkpoint \(after) anymore: somebody has restored an older copy of its database, or "
                    + "deleted checkpoints. Keep those that you have, and begin a new file without --after")
        }

        private static func page(_ api: APIClient, after number: Int64) async throws -> [AuditLedgerCheckpoint] {
            let answer = try await api.get("/v1/audit-checkpoints", query: [Query("after", String(number))]).json
            return (answer["data"]?.array ?? []).compactMap(AuditLedgerCheckpoint.init(json:))
        }
    }
}
