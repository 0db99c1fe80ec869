import Notifications
import TestSupport
import Testing

@testable import Repository

@Suite(.everyEngine) struct RetentionTests {
    private static let days = Duration.seconds(86_400)

    private func prune(_ world: TestWorld) async throws -> Int {
        var (count, cursor): (Int, EventID?) = (0, nil)
        repeat {
            let piece = try await world.maintenance.pruneEvents(of: world.organization, after: cursor)
            count += piece.events
            cursor = piece.next
        } while cursor != nil
        return count
    }

    private func rows(_ world: TestWorld) async throws -> [Int64] {
        try await world.database.read { connection throws(RepositoryError) in
            var counts: [Int64] = []
            for table in ["events", "deliveries", "attempts"] {
                counts += try connection.rows("SELECT count(*) FROM \(table)", []) { row in row.integer(0) }
            }
            return counts
        }
    }

    @Test func oldEventsGoWithAllTheyHadAndTheLedgerHolds() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await world.channel("Off", isEnabled: false)
        try await world.post(300)
        while case let claimed = try await world.claim(channel, limit: 100), !claimed.isEmpty {
            for delivery in claimed { _ = try await world.deliveries.record(world.result(delivery, .delivered)) }
        }
        #expect(try await rows(world) == [300, 600, 300])
        world.clock.advance(by: Self.days * 89)
        try await world.post(2)
        #expect(try await world.maintenance.organizationsToPrune(.events) == [])
        #expect(try await prune(world) == 0)
        world.clock.advance(by: Self.days * 1 + .seconds(1))
        #expect(try await world.maintenance.organizationsToPrune(.events) == [world.organization])
        let piece = try await world.maintenance.pruneEvents(of: world.organization, after: nil)
        #expect(piece.events > 0 && piece.events <= MaintenanceStore.rowsPrunedAtOnce / 4 && piece.next != nil)
        let half = try await world.repository.ledger(
            of: world.organization, since: nil, until: nil, as: world.owner)
        #expect(half.isBalanced && half.breaks == [])
        #expect(try await prune(world) == 300 - piece.events)
        #expect(try await rows(world) == [2, 4, 0])
        let ledger = try await world.repository.ledger(
            of: world.organization, since: nil, until: nil, as: world.owner)
        #expect(ledger.isBalanced && ledger.events == 2)
    }

    @Test func anEventWithMoreRowsThanATransactionMayHaveGoesInPieces() async throws {
        let world = try await TestWorld()
        for number in 1...600 { _ = try await world.channel("Off \(number)", isEnabled: false) }
        try await world.post()
        world.clock.advance(by: Self.days * 91)
        let first = try await world.maintenance.pruneEvents(of: world.organization, after: nil)
        #expect(first.events == 0 && first.next != nil)
        #expect(try await rows(world) == [1, 100, 0])
        let ledger = try await world.repository.ledger(
            of: world.organization, since: nil, until: nil, as: world.owner)
        #expect(ledger.isBalanced && ledger.expected == 100)
        #expect(try await prune(world) == 1)
        #expect(try await rows(world) == [0, 0, 0])
    }

    /// Otherwise every five hundred rows that go would cost a look at the deliveries of two hundred events.
    @Test func onlyAsManyEventsAreLookedAtAsMayGoAtOnce() async throws {
        let world = try await TestWorld()
        for number in 1...50 { _ = try await world.channel("Off \(number)", isEnabled: false) }
        try await world.post(30)
        world.clock.advance(by: Self.days * 91)
        let looked = try await world.maintenance.context.read(of: world.organization) {
            transaction throws(RepositoryError) in
            try transaction.oldEvents(after: .least)
        }
        #expect(looked.events.count == MaintenanceStore.rowsPrunedAtOnce / 50 && !looked.isEnd)
        #expect(try await prune(world) == 30)
    }

    /// Each event's deliveries are found by index: scanning all of them for each event would take minutes.
    @Test func manyGoQuickly() async throws {
        let world = try await TestWorld()
        _ = try await world.channel("Off", isEnabled: false)
        let service = try await world.service()
        for _ in 1...5 {
            try await world.post((1...1000).map { .testStarted(.sample($0)) }, as: service)
        }
        world.clock.advance(by: Self.days * 91)
        let start = ContinuousClock.now
        #expect(try await prune(world) == 5_000)
        // A server is asked four times for each event.
        let limit: Duration = TestEngine.current.dialect == .sqlite ? .seconds(15) : .seconds(60)
        #expect(ContinuousClock.now - start < limit)
    }

    @Test func whatIsNotSettledStays() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(3)
        let claimed = try await world.claim(channel, limit: 2)
        _ = try await world.deliveries.record(world.result(try #require(claimed.first), .delivered))
        world.clock.advance(by: Self.days * 200)
        #expect(try await prune(world) == 1)
        #expect(try await world.states().sorted { $0.rawValue < $1.rawValue } == [.claimed, .due])
    }

    /// Otherwise a paused channel's backlog would grow for ever.
    @Test func whatWaitsAtAPausedChannelGoesToo() async throws {
        let world = try await TestWorld()
        let paused = try await world.channel("Paused")
        let others = [try await world.channel("Other"), try await world.channel("Another")]
        try await world.post(3)
        _ = try await world.repository.pauseChannel(paused.id, of: world.organization, as: world.owner)
        for other in others {
            for delivery in try await world.claim(other) {
                _ = try await world.deliveries.record(world.result(delivery, .delivered))
            }
        }
        world.clock.advance(by: Self.days * 91)
        try await world.post(1)
        let piece = try await world.maintenance.pruneEvents(of: world.organization, after: nil)
        #expect(piece.events == 3 && piece.expired == 3)
        try await world.maintenance.finishPruning(of: world.organization, expired: 3, in: .events)
        let entry = try #require(try await world.auditEntries().last)
        #expect(
            entry.action == "deliveries.expired" && entry.detail.contains("\"deliveries\":3") && entry.actor == "system"
        )
        let ledger = try await world.repository.ledger(of: world.organization, since: nil, until: nil, as: world.owner)
        #expect(ledger.isBalanced && ledger.events == 1)
    }

    /// The delivery was finished when retention looked at it.
    @Test func whatWasRetriedMeanwhileStays() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(2)
        let claimed = try await world.claim(channel)
        for delivery in claimed {
            _ = try await world.deliveries.record(world.result(delivery, .refused(Finding("http.400", "No."))))
        }
        world.clock.advance(by: Self.days * 91)
        let retried = try #require(claimed.first)
        let meddled = world.meddled { () async throws(RepositoryError) in
            _ = try await world.repository.retryDelivery(retried.id, of: world.organization, as: world.owner)
        }
        #expect(try await meddled.maintenance.pruneEvents(of: world.organization, after: nil).events == 1)
        #expect(try await world.states() == [.due])
    }

    @Test func eachOrganizationHasItsOwn() async throws {
        let world = try await TestWorld()
        try await world.post()
        let changed = try await world.repository.changeOrganization(
            world.organization, OrganizationChange(retentionDays: 7), as: world.owner)
        #expect(changed.retentionDays == 7 && changed.auditRetentionDays == 400)
        world.clock.advance(by: Self.days * 8)
        #expect(try await prune(world) == 1)
    }

    private func pruneChannels(_ world: TestWorld) async throws -> [Int64] {
        while try await world.maintenance.pruneChannels(of: world.organization) > 0 {}
        return try await world.database.read { connection throws(RepositoryError) in
            var counts: [Int64] = []
            for table in ["channels", "channel_revisions"] {
                counts += try connection.rows("SELECT count(*) FROM \(table)", []) { row in row.integer(0) }
            }
            return counts
        }
    }

    /// A channel's history explains what happened to an event, so it is kept as long as one.
    @Test func removedChannelsAndOldVersionsGoInTime() async throws {
        let world = try await TestWorld()
        let kept = try await world.channel("Kept")
        for _ in 1...3 {
            world.clock.advance(by: Self.days)
            _ = try await world.repository.replaceChannel(
                kept.id, of: world.organization, version: nil, as: world.owner
            ) { _ throws(InvalidInput) in ChannelDraft.webHook("Kept") }
        }
        let removed = try await world.channel("Removed")
        try await world.post()
        try await world.repository.removeChannel(removed.id, of: world.organization, version: nil, as: world.owner)
        #expect(try await pruneChannels(world) == [2, 4])
        world.clock.advance(by: Self.days * 88)
        #expect(try await pruneChannels(world) == [2, 4], "the first was replaced 90 days ago, and no earlier")
        world.clock.advance(by: .seconds(1))
        #expect(try await pruneChannels(world) == [2, 3], "the first was replaced 90 days ago")
        world.clock.advance(by: Self.days * 20)
        #expect(try await world.maintenance.organizationsToPrune(.events) == [world.organization])
        #expect(try await pruneChannels(world) == [2, 1], "an event of its time is there")
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute("UPDATE deliveries SET state = 'failed'", [])
        }
        #expect(try await prune(world) == 1)
        #expect(try await pruneChannels(world) == [1, 1])
        #expect(try await world.repository.channel(kept.id, of: world.organization, as: world.owner).version == 4)
    }

    @Test func theOperatorsSaveKeepsWhatTheOwnerHasSet() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await world.repository.changeOrganization(
            world.organization,
            OrganizationChange(fallbackChannelID: channel.id, retentionDays: 7, auditRetentionDays: 200),
            as: world.owner)
        let saved = try await world.repository.saveOrganization(
            world.organization, name: "Renamed", owner: UserID(1), runLinkTemplate: nil, as: .operator)
        #expect(saved.organization.fallbackChannelID == channel.id && saved.organization.retentionDays == 7)
        try await world.repository.removeChannel(channel.id, of: world.organization, version: nil, as: world.owner)
        let read = try await world.repository.organization(world.organization, as: world.owner)
        #expect(read.fallbackChannelID == nil && read.auditRetentionDays == 200)
        await #expect(throws: RepositoryError.self) {
            try await world.repository.changeOrganization(
                world.organization, OrganizationChange(fallbackChannelID: channel.id), as: world.owner)
        }
    }
}
