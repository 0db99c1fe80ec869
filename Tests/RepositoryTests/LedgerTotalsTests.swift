import Notifications
import Repository
import TestSupport
import Testing

/// The ledger counts in pieces and keeps totals of closed stretches. A loss in those must not go unnoticed.
@Suite(.everyEngine) struct LedgerTotalsTests {
    /// 4,100 events at one disabled channel, so that all deliveries are skipped: four full stretches.
    private func world() async throws -> TestWorld {
        let world = try await TestWorld()
        _ = try await world.channel("Off", isEnabled: false)
        try await world.post(1)
        // The body does not know the test's engine.
        let (event, delivery) = (Self.id(8), Self.id(9))
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute(
                """
                WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 4100)
                INSERT INTO events (organization_id, event_id, sequence, type, payload, received_at, channels)
                SELECT organization_id, \(event), i, type, payload, received_at, 1
                FROM n, events WHERE sequence = 1
                """, [])
            try connection.execute(
                """
                WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 4100)
                INSERT INTO deliveries (organization_id, delivery_id, event_id, channel_id, state, due_at, created_at,
                    updated_at)
                SELECT organization_id, \(delivery), \(event), channel_id, state, due_at, created_at, updated_at
                FROM n, (SELECT * FROM deliveries LIMIT 1) first
                """, [])
            try connection.execute("UPDATE organizations SET event_sequence = 4100", [])
        }
        return world
    }

    /// Sorts after all ids of the present.
    private static func id(_ kind: Int) -> String {
        TestEngine.current.dialect.id(ofText: "'f\(kind)' || substr(CAST(100000000000000 + i AS TEXT), 2)")
    }

    private func ledger(_ world: TestWorld, isWhole: Bool = false) async throws -> Ledger {
        try await world.repository.ledger(
            of: world.organization, since: nil, until: nil, isWhole: isWhole, as: world.owner)
    }

    @Test func whatIsClosedIsNotCountedAgain() async throws {
        let world = try await world()
        let first = try await ledger(world)
        #expect(first.isBalanced && first.events == 4100 && first.deliveries[.skipped] == 4100)
        #expect(first.eventsFromTotals == 0)
        let second = try await ledger(world)
        #expect(second.isBalanced && second.events == 4100 && second.deliveries[.skipped] == 4100)
        #expect(second.eventsFromTotals == 4000)
        let whole = try await ledger(world, isWhole: true)
        #expect(whole.isBalanced && whole.events == 4100 && whole.eventsFromTotals == 0)
        #expect(try await ledger(world).eventsFromTotals == 4000)
    }

    @Test(arguments: [
        "DELETE FROM deliveries WHERE event_id = (SELECT event_id FROM events WHERE sequence = 1000)",
        "UPDATE events SET channels = 2 WHERE sequence = 1000",
        "DELETE FROM events WHERE sequence = 1000",
        """
        UPDATE deliveries SET event_id = (SELECT event_id FROM events WHERE sequence = 3000), channel_id = uuid '00000000-0000-0000-0000-000000000000'
        WHERE event_id = (SELECT event_id FROM events WHERE sequence = 1000)
        """,
        """
        INSERT INTO events (organization_id, event_id, sequence, type, payload, received_at)
        VALUES (1, uuid '00000000-0000-7000-8000-000000000000', 9999, 'test.started', '{}', 0)
        """,
    ])
    func aLossBehindTheTotalsIsFound(_ statement: String) async throws {
        let world = try await world()
        _ = try await ledger(world)
        #expect(try await ledger(world).eventsFromTotals == 4000)
        try await world.database.execute(statement)
        let ledger = try await ledger(world)
        #expect(!ledger.isBalanced && !ledger.breaks.isEmpty)
        #expect(ledger.eventsFromTotals == 3000 || ledger.eventsFromTotals == 0)
        // It is still found the next time.
        #expect(try await !self.ledger(world).isBalanced)
    }

    /// Losses beneath SQL, or with the triggers removed, are found only by counting the rows.
    @Test func aLossUnderneathIsFoundByTheWholeCheck() async throws {
        let world = try await world()
        _ = try await ledger(world)
        try await world.database.execute(
            TestEngine.current.dialect.removal(of: "ledger_totals_end_with_a_delivery", from: "deliveries"))
        try await world.database.execute(
            "DELETE FROM deliveries WHERE event_id = (SELECT event_id FROM events WHERE sequence = 1000)")
        #expect(try await ledger(world).isBalanced)
        #expect(try await !ledger(world, isWhole: true).isBalanced)
        #expect(try await !ledger(world).isBalanced)
    }

    /// A delivery that nobody counted is not a loss; counting the rows finds it.
    @Test func aDeliveryTooManyIsFoundByTheWholeCheck() async throws {
        let world = try await world()
        _ = try await ledger(world)
        try await world.database.execute(
            """
            INSERT INTO deliveries (organization_id, delivery_id, event_id, channel_id, state, due_at, created_at,
                updated_at)
            SELECT organization_id, uuid '00000000-0000-0000-0000-000000000000', event_id, uuid '00000000-0000-0000-0000-000000000000', 'delivered', 0, 0, 0 FROM events WHERE sequence = 1000
            """)
        #expect(try await !ledger(world, isWhole: true).isBalanced)
    }

    @Test func aDeliveryThatIsMadeDueAgainOpensItsStretch() async throws {
        let world = try await world()
        _ = try await ledger(world)
        try await world.database.execute(
            "UPDATE deliveries SET state = 'due' WHERE event_id = (SELECT event_id FROM events WHERE sequence = 3000)")
        for _ in 0..<2 {
            let ledger = try await ledger(world)
            #expect(ledger.isBalanced && ledger.deliveries[.due] == 1 && ledger.deliveries[.skipped] == 4099)
            #expect(ledger.eventsFromTotals == 3000)
        }
        try await world.database.execute("UPDATE deliveries SET state = 'failed' WHERE state = 'due'")
        _ = try await ledger(world)
        let ledger = try await ledger(world)
        #expect(ledger.eventsFromTotals == 4000 && ledger.deliveries[.failed] == 1 && ledger.isBalanced)
    }

    @Test func eventsThatComeInMeanwhileAreLeftOut() {
        let (first, second, late) = (
            EventID(at: Timestamp(seconds: 1)), EventID(at: Timestamp(seconds: 2)), EventID(at: Timestamp(seconds: 3))
        )
        var found = DeliveryCounts()
        found[.delivered] = 2
        let count = LedgerCount(
            events: [
                LedgerEvent(id: first, channels: 2, isCounted: true),
                LedgerEvent(id: second, channels: 1, isCounted: true),
                LedgerEvent(id: late, channels: 2, isCounted: false),
            ], deliveries: [first: found, late: found])
        #expect(count.events == 2 && count.expected == 3 && count.deliveries.sum == 2 && !count.isClosed)
        #expect(count.breaks == [.deliveries(of: second, expected: 1, found: 0)])
    }
}
