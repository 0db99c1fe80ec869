import ArgumentParser
import Notifications

struct Deliveries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show and retry deliveries.",
        discussion: "Example: runbell deliveries list --organization 1 --state failed",
        subcommands: [List.self, Show.self, Retry.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a delivery and its attempts.",
            discussion: "Example: runbell deliveries show 0190f1c4-… --organization 1")

        @Argument(help: "The delivery's ID.") var delivery: String
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let answer = try await api.get("\(path)/deliveries/\(Query.escape(delivery))")
            organization.client.present(answer, as: Deliveries.text)
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Retry a delivery now.",
            discussion: "Example: runbell deliveries retry 0190f1c4-… --organization 1")

        @Argument(help: "The delivery's ID.") var delivery: String
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let answer = try await api.send(.post, "\(path)/deliveries/\(Query.escape(delivery))/retry")
            organization.client.present(answer, as: Deliveries.text)
        }
    }

    private static func text(_ delivery: JSONValue) -> String {
        var listing = Listing()
        for member in delivery.object?.members ?? [] where member.value.array == nil && member.value.object == nil {
            listing.add(member.key, member.key.hasSuffix("_at") ? member.value.moment : member.value.cell)
        }
        guard let attempts = delivery["attempts"]?.array, !attempts.isEmpty else { return listing.text }
        var table = Table("ATTEMPT", "WHEN", "TOOK", "STATUS", "VERDICT", "FINDING")
        for attempt in attempts {
            table.add(
                attempt["number"]?.cell, attempt["started_at"]?.moment, attempt["duration_ms"]?.cell.map { "\($0) ms" },
                attempt["status"]?.cell, attempt["verdict"]?.cell, attempt["finding"]?["text"]?.cell)
        }
        return listing.text + "\n\n" + table.text
    }
}
