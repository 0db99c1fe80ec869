import Foundation
import Notifications
import Repository
import TestSupport
import Testing

@testable import EventRouting

/// Twenty channels of seventeen kinds in one organization. `make many` takes a thousand runs.
@Suite(.serialized) struct ManyChannelsTests {
    private static let runs = ProcessInfo.processInfo.environment["RUNS"].flatMap { Int($0) } ?? 100

    /// A service whose limits are published is judged by them; a new kind may join, and need not.
    @Test func thereAreTwentyChannelsOfManyKinds() {
        let kinds = Set(TwentyChannels.all.map(\.kind))
        #expect(TwentyChannels.all.count == 20 && kinds.count >= 15)
        #expect(kinds.isSubset(of: ChannelCatalogue.standard().ids))
        #expect(kinds == Set(LimitedService.all.map(\.kind) + ["email"]))
    }

    /// Every delivery arrives once or says why it was not sent, each service's limit is kept, and no channel is done later
    /// than it would be alone.
    @Test func manyChannelsShareAnOrganization() async throws {
        let clock = ContinuousClock()
        let together = try await BusyOrganization(TwentyChannels.all)
        let took = try await clock.measure { try await together.run(Self.runs) }
        #expect(together.services.refused.isEmpty, "a service was sent more than it takes")
        #expect(together.services.unknown.isEmpty)
        #expect(together.outOfOrder.isEmpty && together.claimedAtOnce > 0)
        try await Self.account(for: together)
        print("\(Self.runs) runs at 20 channels took \(took)")
        for (id, channel) in together.channels {
            let entry = try #require(TwentyChannels.all.first { channel.name.hasPrefix("\($0.kind) ") })
            let alone = try await BusyOrganization([entry])
            try await alone.run(Self.runs)
            let (one, all) = (try #require(alone.finishedAt.values.first), try #require(together.finishedAt[id]))
            print("\(channel.name): done after \(all), alone after \(one)")
            #expect(all <= one * 1.01 + .seconds(2), "\(channel.name) waits for the others")
        }
    }

    @Test func limitsAreJudgedByTheMoment() {
        let window = Self.taken(.window(3, .seconds(10)), at: [0, 1, 2, 3, 9, 10, 11, 11, 12, 13])
        #expect(window == [0, 1, 2, 10, 11, 12])
        let bucket = Self.taken(.bucket(3, every: .seconds(5)), at: [0, 0, 0, 4, 5, 6, 15, 16, 20, 100, 100, 100, 100])
        #expect(bucket == [0, 0, 0, 5, 15, 16, 20, 100, 100, 100])
    }

    private static func taken(_ limit: PublishedLimit, at seconds: [Int]) -> [Int] {
        var counter = LimitCounter(limit)
        return seconds.filter { second in
            guard counter.takesOne(at: .seconds(second)) else { return false }
            counter.took(at: .seconds(second))
            return true
        }
    }

    /// A service that never refuses anything would prove nothing.
    @Test func aFasterPaceIsNoticed() async throws {
        let strict: Set = [
            "slack", "hipchat", "teams", "discord", "googlechat", "rocketchat", "telegram", "matrix", "ntfy", "github",
        ]
        let hasty = try await BusyOrganization(TwentyChannels.all, maxPerMinute: 6000)
        try await hasty.run(50)
        #expect(Set(hasty.services.refused.keys) == strict)
    }

    private static func account(for organization: BusyOrganization) async throws {
        let rows = try await organization.tally()
        let quiet = organization.channels.values.filter { ["pagerduty", "opsgenie"].contains($0.kind) }.map(\.id)
        #expect(rows.reduce(0) { $0 + $1.count } == 2 * runs * organization.channels.count)
        for row in rows where row.state != "delivered" {
            let isExplained = row.state == "skipped" && row.reason.hasPrefix("nothing_to_say.")
            #expect(isExplained && quiet.contains(row.channel), "\(row)")
        }
        let delivered = rows.filter { $0.state == "delivered" }.reduce(0) { $0 + $1.count }
        #expect(organization.services.taken == delivered, "what arrived is not what was counted as delivered")
        #expect(Set(rows.filter { $0.state == "delivered" }.map(\.channel)).count == organization.channels.count)
    }
}

extension BusyOrganization {
    struct Row: Sendable {
        let channel: ChannelID
        let state: String
        let reason: String
        let count: Int
    }

    /// How many deliveries of each channel ended how.
    func tally() async throws -> [Row] {
        try await database.write { connection throws(RepositoryError) in
            try connection.rows(
                "SELECT channel_id, state, coalesce(reason, ''), count(*) FROM deliveries GROUP BY 1, 2, 3", []
            ) { row in
                Row(channel: row.id(0), state: row.text(1), reason: row.text(2), count: Int(row.integer(3)))
            }
        }
    }
}
