import ArgumentParser
import Notifications

struct Deliveries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show and retry deliveries.",
        discussion: "Example: runbell deliveries list --organization 1 --state failed",
        subcommands: [List.self, Show.self, Retry.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List deliveries, newest first.",
            discussion: "Example: runbell deliveries list --organization 1 --state failed --since 2026-11-23T00:00:00Z")

        @Option(help: "due, claimed, delivered, failed, skipped or cancelled.") var state: String?
        @Option(help: "To this channel.") var channel: String?
        @Option(help: "Of this event.") var event: String?
        @OptionGroup var period: PeriodOptions
        @OptionGroup var organization: OrganizationOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let filters =
                [Query("state", state), Query("channel_id", channel), Query("event_id", event)] + period.query
            let answer = try await api.get(path + "/deliveries", query: filters + page.query)
            let headings = Table("ID", "EVENT", "CHANNEL", "STATE", "REASON", "ATTEMPTS", "DUE")
            organization.client.present(list: answer, headings) { delivery, table in
                table.add(
                    delivery["id"]?.cell, delivery["event_id"]?.cell, delivery["channel_id"]?.cell,
                    delivery["state"]?.cell,
                    delivery["reason"]?.cell, delivery["attempt_count"]?.cell,
                    delivery["due_at"]?.moment)
            }
        }
    }

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
