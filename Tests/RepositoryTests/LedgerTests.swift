import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct LedgerTests {
    /// Two channels, three events: six deliveries, two of them delivered, one failed, three skipped.
    private func world() async throws -> TestWorld {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await world.channel("Off", isEnabled: false)
        try await world.post(3)
        for delivery in try await world.claim(channel) {
            let isRefused = delivery.content.run?.id.value == 3
            _ = try await world.deliveries.record(
                world.result(delivery, isRefused ? .refused(Finding("http.400", "No.")) : .delivered))
        }
        return world
    }

    private func ledger(_ world: TestWorld, since: Timestamp? = nil, until: Timestamp? = nil) async throws -> Ledger {
        try await world.repository.ledger(of: world.organization, since: since, until: until, as: world.owner)
    }

    @Test func whatWasAcceptedIsThere() async throws {
        let world = try await world()
        let ledger = try await ledger(world)
        #expect(ledger.isBalanced && ledger.breaks == [])
        #expect(ledger.events == 3 && ledger.expected == 6 && ledger.deliveries.sum == 6)
        #expect(ledger.deliveries[.delivered] == 2 && ledger.deliveries[.failed] == 1)
        #expect(ledger.deliveries[.skipped] == 3 && ledger.deliveries[.due] == 0)
    }

    @Test func aSpanCountsItsOwnEvents() async throws {
        let world = try await world()
        let start = world.clock.now
        world.clock.advance(by: .seconds(60))
        try await world.post(2)
        #expect(try await ledger(world).events == 5)
        let later = try await ledger(world, since: world.clock.now)
        #expect(later.events == 2 && later.expected == 4 && later.deliveries[.due] == 2 && later.isBalanced)
        let earlier = try await ledger(world, since: start, until: world.clock.now)
        #expect(earlier.events == 3 && earlier.deliveries[.delivered] == 2 && earlier.isBalanced)
        #expect(try await ledger(world, until: start).events == 0)
    }

    @Test(arguments: [
        "DELETE FROM deliveries WHERE state = 'failed'",
        "UPDATE events SET channels = channels + 1 WHERE sequence = 2",
        """
        INSERT INTO deliveries (organization_id, delivery_id, event_id, channel_id, state, due_at, created_at, updated_at)
        SELECT organization_id, uuid '00000000-0000-0000-0000-000000000000', event_id, uuid '00000000-0000-0000-0000-000000000000', 'delivered', 0, 0, 0 FROM events WHERE sequence = 1
        """,
    ])
    func aDeliveryTooFewOrTooManyIsFound(_ statement: String) async throws {
        let world = try await world()
        try await world.database.execute(statement)
        let ledger = try await ledger(world)
        #expect(!ledger.isBalanced)
        guard case .deliveries(_, let expected, let found)? = ledger.breaks.first, ledger.breaks.count == 1 else {
            Issue.record("\(ledger.breaks)")
            return
        }
        #expect(abs(expected - found) == 1)
    }

    /// One too few here and one too many there: the sums agree, but the events do not.
    @Test func breaksThatCancelOutAreFound() async throws {
        let world = try await world()
        try await world.database.execute("UPDATE events SET channels = 3 WHERE sequence = 1")
        try await world.database.execute("UPDATE events SET channels = 1 WHERE sequence = 2")
        let ledger = try await ledger(world)
        #expect(ledger.expected == ledger.deliveries.sum && ledger.breaks.count == 2 && !ledger.isBalanced)
    }

    @Test func aMissingEventIsFoundByItsDeliveriesAndByTheSequence() async throws {
        let world = try await world()
        try await world.database.execute("DELETE FROM events WHERE sequence = 2")
        let breaks = try await ledger(world).breaks
        #expect(breaks.count == 2 && breaks.contains(.sequence(expected: 3, found: 2)))
        #expect(breaks.contains { if case .noEvent(_, found: 2) = $0 { true } else { false } })
    }

    @Test func anEventMissingWithAllItHadIsFoundByTheSequence() async throws {
        let world = try await world()
        try await world.database.execute(
            "DELETE FROM deliveries WHERE event_id = (SELECT event_id FROM events WHERE sequence = 2)")
        try await world.database.execute("DELETE FROM events WHERE sequence = 2")
        let ledger = try await ledger(world)
        #expect(ledger.breaks == [.sequence(expected: 3, found: 2)] && !ledger.isBalanced)
    }

    @Test func anEventThatWasPutInIsFoundByTheSequence() async throws {
        let world = try await world()
        try await world.database.execute(
            """
            INSERT INTO events (organization_id, event_id, sequence, type, payload, received_at)
            VALUES (1, uuid '00000000-0000-7000-8000-000000000000', 99, 'test.started', '{}', 0)
            """)
        #expect(try await ledger(world).breaks == [.sequence(expected: 3, found: 4)])
    }

    @Test func theOperatorSeesAllAndNobodyElseDoes() async throws {
        let world = try await world()
        _ = try await world.repository.saveOrganization(
            OrganizationID(-5), name: "Second", owner: UserID(9), runLinkTemplate: nil, as: .operator)
        let first = try await world.repository.ledgers(page: PageRequest(limit: 1), as: .operator)
        #expect(first.items.map(\.organizationID.value) == [-5])
        let second = try await world.repository.ledgers(page: PageRequest(limit: 1, cursor: first.next), as: .operator)
        #expect(second.items.map(\.events) == [3] && second.next == nil)
        await #expect(throws: RepositoryError.forbidden(Permission.operate.requirement)) {
            try await world.repository.ledgers(page: PageRequest(), as: world.owner)
        }
        #expect(try await world.auditEntries().last?.action == "refused")
        let member = try await world.member(3, .member)
        await #expect(throws: RepositoryError.forbidden(Permission.administer.requirement)) {
            try await world.repository.ledger(of: world.organization, since: nil, until: nil, as: member)
        }
    }
}
