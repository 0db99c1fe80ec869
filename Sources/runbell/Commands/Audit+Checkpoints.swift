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
            var last = after
            while true {
                let answer = try await api.get("/v1/audit-checkpoints", query: [Query("after", String(last))]).json
                let found = (answer["data"]?.array ?? []).compactMap(AuditLedgerCheckpoint.init(json:))
                guard let newest = found.last else { return }
                for checkpoint in found { Console.say(bytes: Array(CheckpointFile.line(checkpoint).utf8)) }
                last = newest.number
            }
        }
    }
}
