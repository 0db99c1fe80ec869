import Notifications
import Repository
import TestSupport
import Testing

/// A channel changes at once; what is due there follows in pieces, and reads as if it already had.
@Suite(.everyEngine) struct SettlingTests {
    private static let piece = 4

    /// A paused channel with `count` deliveries due, settled four at a time.
    private func world(due count: Int, tried: Int = 0) async throws -> (TestWorld, Channel) {
        let world = try await TestWorld(settledAtOnce: Self.piece)
        let channel = try await world.channel()
        try await world.post(count)
        for delivery in try await world.claim(channel, limit: tried) {
            _ = try await world.deliveries.record(
                world.result(delivery, .retry(Finding("http.503", "Busy."), after: nil)))
        }
        try await world.database.execute("UPDATE deliveries SET due_at = due_at + 3600000000 WHERE attempts = 1")
        return (world, channel)
    }

    private func settleAll(_ world: TestWorld) async throws -> Int {
        var (pieces, last): (Int, ChannelQueue?) = (0, nil)
        repeat {
            last = try await world.deliveries.settle(after: last)
            pieces += 1
        } while last != nil && pieces < 100
        return pieces - 1
    }

    private func setEnabled(_ isEnabled: Bool, _ channel: Channel, _ world: TestWorld) async throws {
        _ = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ throws(InvalidInput) in ChannelDraft.webHook("Hook", isEnabled: isEnabled) }
    }

    /// What users see, whatever the rows say: lists, one delivery, an event, the ledger.
    private func seen(_ world: TestWorld) async throws -> [DeliveryState: Int] {
        let (repository, organization, owner) = (world.repository, world.organization, world.owner)
        let page = PageRequest(limit: 500)
        let all = try await repository.deliveries(of: organization, filter: DeliveryFilter(), page: page, as: owner)
        let counts = Dictionary(all.items.map { ($0.state, 1) }, uniquingKeysWith: +)
        let board = try await repository.deliveryBoard(
            of: organization, filter: DeliveryFilter(), page: page, as: owner)
        #expect(board.items.map(\.delivery.state) == all.items.map(\.state))
        let ledger = try await repository.ledger(of: organization, since: nil, until: nil, as: owner)
        #expect(ledger.isBalanced)
        for state in DeliveryState.allCases {
            let found = try await repository.deliveries(
                of: organization, filter: DeliveryFilter(state: state), page: page, as: owner)
            #expect(found.items.count == counts[state, default: 0], "\(state)")
            #expect(ledger.deliveries[state] == Int64(counts[state, default: 0]), "\(state)")
        }
        for delivery in all.items {
            let one = try await repository.delivery(delivery.id, of: organization, as: owner)
            #expect(one.delivery.state == delivery.state && one.delivery.reason == delivery.reason)
            let event = try await repository.event(delivery.eventID, of: organization, as: owner)
            #expect(event.outcomes.contains { $0.deliveryID == delivery.id && $0.state == delivery.state })
        }
        return counts
    }

    @Test func whatADisabledChannelHadDueReadsAsSettledBeforeItIs() async throws {
        let (world, channel) = try await world(due: 11, tried: 2)
        try await setEnabled(false, channel, world)
        #expect(try await world.number("SELECT count(*) FROM deliveries WHERE state = 'due'") == 7)
        let expected: [DeliveryState: Int] = [.skipped: 9, .failed: 2]
        #expect(try await seen(world) == expected)
        #expect(try await world.claim(channel).isEmpty)
        #expect(try await settleAll(world) == 2)
        #expect(try await world.number("SELECT count(*) FROM deliveries WHERE state = 'due'") == 0)
        #expect(try await seen(world) == expected)
        let entry = try #require(try await world.auditEntries().last)
        #expect(entry.action == "channel.deliveries_settled" && entry.detail.contains(#""settled":11"#))
    }

    @Test func whatComesAfterTheChannelIsEnabledAgainIsSent() async throws {
        let (world, channel) = try await world(due: 11)
        try await setEnabled(false, channel, world)
        try await setEnabled(true, channel, world)
        try await world.post(2)
        let expected: [DeliveryState: Int] = [.skipped: 11, .due: 2]
        #expect(try await seen(world) == expected)
        let claimed = try await world.claim(channel)
        #expect(claimed.count == 2)
        for delivery in claimed { _ = try await world.deliveries.record(world.result(delivery, .delivered)) }
        #expect(try await settleAll(world) == 2)
        #expect(try await seen(world) == [.skipped: 11, .delivered: 2])
    }

    @Test func anotherChangeMeanwhileDecidesOnWhatCameInBetween() async throws {
        let (world, channel) = try await world(due: 11)
        try await setEnabled(false, channel, world)
        try await setEnabled(true, channel, world)
        try await world.post(6)
        try await world.repository.removeChannel(channel.id, of: world.organization, version: nil, as: world.owner)
        #expect(try await seen(world) == [.skipped: 11, .cancelled: 6])
        #expect(try await settleAll(world) > 2)
        #expect(try await seen(world) == [.skipped: 11, .cancelled: 6])
    }

    @Test func whatWasHeldGoesSpacedOverAllPieces() async throws {
        let (world, channel) = try await world(due: 11, tried: 3)
        let (repository, organization) = (world.repository, world.organization)
        _ = try await repository.pauseChannel(channel.id, of: organization, as: world.owner)
        world.clock.advance(by: .seconds(60))
        let now = world.clock.now
        _ = try await repository.resumeChannel(channel.id, of: organization, skipOlderThan: nil, as: world.owner)
        #expect(try await seen(world) == [.due: 11])
        #expect(try await world.claim(channel).count == 1)
        #expect(try await settleAll(world) > 1)
        let due = try await repository.deliveries(
            of: organization, filter: DeliveryFilter(state: .due), page: PageRequest(), as: world.owner
        ).items.compactMap { $0.dueAt.map { $0 - now } }.sorted()
        #expect(due.prefix(7) == (1...7).map { Duration.milliseconds(200) * $0 }[...])
        #expect(due.suffix(3).allSatisfy { $0 > .seconds(3000) })
    }

    @Test func whatWasSkippedByAResumeStaysSkippedWhateverFollows() async throws {
        let (world, channel) = try await world(due: 6)
        let (repository, organization) = (world.repository, world.organization)
        _ = try await repository.pauseChannel(channel.id, of: organization, as: world.owner)
        world.clock.advance(by: .seconds(60))
        let limit = world.clock.now
        try await world.post(6)
        _ = try await repository.resumeChannel(channel.id, of: organization, skipOlderThan: limit, as: world.owner)
        #expect(try await seen(world) == [.skipped: 6, .due: 6])
        _ = try await repository.pauseChannel(channel.id, of: organization, as: world.owner)
        _ = try await repository.resumeChannel(channel.id, of: organization, skipOlderThan: nil, as: world.owner)
        #expect(try await seen(world) == [.skipped: 6, .due: 6])
        try await setEnabled(false, channel, world)
        #expect(try await seen(world) == [.skipped: 12])
        #expect(try await settleAll(world) > 0)
        #expect(try await seen(world) == [.skipped: 12])
        let reasons = try await world.number("SELECT count(*) FROM deliveries WHERE reason = 'channel_paused'")
        #expect(reasons == 6)
    }

    @Test func oneThatIsRetriedByHandIsNotDecidedOnAnyMore() async throws {
        let (world, channel) = try await world(due: 11)
        try await setEnabled(false, channel, world)
        try await setEnabled(true, channel, world)
        let skipped = try await world.repository.deliveries(
            of: world.organization, filter: DeliveryFilter(state: .skipped), page: PageRequest(), as: world.owner)
        let open = try await world.number("SELECT count(*) FROM deliveries WHERE state = 'due'")
        #expect(skipped.items.count == 11 && open == 7)
        let one = try #require(skipped.items.first)
        _ = try await world.repository.retryDelivery(one.id, of: world.organization, as: world.owner)
        #expect(try await world.claim(channel).map(\.id) == [one.id])
        #expect(try await settleAll(world) > 0)
        #expect(try await seen(world) == [.skipped: 10, .claimed: 1])
    }

    @Test func whatWasUnderWayAtTheChangeIsSettledWhenItComesBack() async throws {
        let (world, channel) = try await world(due: 6)
        let claimed = try await world.claim(channel, limit: 1)
        try await setEnabled(false, channel, world)
        #expect(try await settleAll(world) == 1)
        let delivery = try #require(claimed.first)
        _ = try await world.deliveries.record(
            world.result(delivery, .retry(Finding("http.503", "Busy."), after: nil)))
        #expect(try await world.claim(channel).isEmpty)
        #expect(try await seen(world) == [.skipped: 5, .failed: 1])
    }

    @Test func organizationsTakeTurns() async throws {
        let (world, channel) = try await world(due: 20)
        try await setEnabled(false, channel, world)
        let other = OrganizationID(2)
        _ = try await world.repository.saveOrganization(
            other, name: "Other", owner: UserID(1), runLinkTemplate: nil, as: .operator)
        try await world.database.execute(
            """
            INSERT INTO settlements (organization_id, channel_id, generation, kind, at, due_by, next_at)
            VALUES (2, uuid '00000000-0000-0000-0000-00000000000c', 1, 'disabled', 0, 0, 0)
            """)
        var order: [Int64] = []
        var last: ChannelQueue?
        for _ in 0..<3 {
            last = try await world.deliveries.settle(after: last)
            order.append(last?.organizationID.value ?? 0)
        }
        #expect(order == [1, 2, 1])
    }

    @Test func toggledByHandWithoutEndItIsRefusedForAWhile() async throws {
        let (world, channel) = try await world(due: 100)
        let (repository, organization) = (world.repository, world.organization)
        await #expect(throws: RepositoryError.self) {
            for _ in 0..<20 {
                _ = try await repository.pauseChannel(channel.id, of: organization, as: world.owner)
                _ = try await repository.resumeChannel(
                    channel.id, of: organization, skipOlderThan: nil, as: world.owner)
            }
        }
        #expect(try await settleAll(world) > 10)
    }
}
