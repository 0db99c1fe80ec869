import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct ExplainingTests {
    private func outcomes(_ world: TestWorld, _ event: EventID) async throws -> [String: ChannelOutcome] {
        let outcomes = try await world.repository.event(event, of: world.organization, as: world.owner).outcomes
        return Dictionary(uniqueKeysWithValues: outcomes.map { ($0.channelName, $0) })
    }

    private func post(_ world: TestWorld, _ content: EventContent) async throws -> EventID {
        try await world.repository.accept(content, idempotencyKey: nil, as: try await world.service()).eventID
    }

    /// What a page of deliveries says, and the event.
    private func texts(_ world: TestWorld, _ event: EventID) async throws -> Set<String> {
        let board = try await world.repository.deliveryBoard(
            of: world.organization, filter: DeliveryFilter(eventID: event), page: PageRequest(), as: world.owner)
        return Set(board.items.map(\.text)).union(try await outcomes(world, event).values.map(\.text))
    }

    @Test func anEndSaysThatItWaitsForItsStart() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await post(world, .testStarted(.sample(7)))
        let end = try await post(world, .testFinished(.sample(7, status: .finished)))
        let waiting = "Waiting for the start of the run, which this channel has not received yet."
        let start = try #require(try await world.claim(channel).first)
        #expect(try await texts(world, end) == [waiting])
        _ = try await world.deliveries.record(world.result(start, .delivered))
        #expect(try await texts(world, end) == ["Waiting for its first attempt."])
    }

    @Test func aRateLimitIsSaid() async throws {
        let world = try await TestWorld()
        _ = try await world.channel()
        let event = try await post(world, .testStarted(.sample(7)))
        try await world.database.execute(
            """
            INSERT INTO channel_health (organization_id, channel_id, paced_until)
            SELECT organization_id, channel_id, created_at + 3600000000 FROM channels
            """)
        let said = try await texts(world, event)
        #expect(said.count == 1 && said.first?.hasPrefix("Waiting because of the channel's rate limit: ") == true)
    }

    @Test func everyChannelHasItsLine() async throws {
        let world = try await TestWorld()
        _ = try await world.channel("Wants failures", subscription: Subscription(reading: ["statuses": [12]]))
        let off = try await world.channel("Off")
        _ = try await world.repository.replaceChannel(off.id, of: world.organization, version: nil, as: world.owner) {
            _ throws(InvalidInput) in ChannelDraft.webHook("Off", isEnabled: false)
        }
        let held = try await world.channel("Held")
        _ = try await world.repository.pauseChannel(held.id, of: world.organization, as: world.owner)
        let removed = try await world.channel("Removed")
        let gone = try await world.channel("Gone before")
        try await world.repository.removeChannel(gone.id, of: world.organization, version: nil, as: world.owner)
        world.clock.advance(by: .seconds(60))
        let event = try await post(world, .testFinished(.sample(status: .finished)))
        world.clock.advance(by: .seconds(60))
        try await world.repository.removeChannel(removed.id, of: world.organization, version: nil, as: world.owner)
        _ = try await world.channel("Late")
        let found = try await outcomes(world, event)
        #expect(Set(found.keys) == ["Wants failures", "Off", "Held", "Removed", "Late"])
        #expect(
            found["Wants failures"]?.text == "Skipped because the channel wants only runs that end as Failed threshold."
        )
        let day = String(world.clock.now.description.prefix(10))
        #expect(
            found["Off"]?.text.hasPrefix("Skipped because user 1 disabled the channel on \(day) at ") == true)
        #expect(found["Held"]?.text.hasPrefix("Queued: user 1 paused the channel on \(day) at ") == true)
        #expect(found["Removed"]?.text.hasPrefix("Cancelled: the channel was removed on \(day) at ") == true)
        let late = try #require(found["Late"])
        #expect(late.text.hasPrefix("Not sent: the channel was created later, on \(day) at "))
        #expect(late.state == nil && late.deliveryID == nil && late.reason == "did_not_exist")
    }

    @Test func theReceiversStateIsTold() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let none = try await world.repository.channelWithHealth(channel.id, of: world.organization, as: world.owner)
        #expect(none.health == nil)
        _ = try await post(world, .testStarted(.sample(1)))
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(delivery, .delivered))
        let success = world.clock.now
        let event = try await post(world, .testStarted(.sample(2)))
        let until = (world.clock.now + .seconds(30)).microseconds
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute(
                """
                INSERT INTO channel_health (organization_id, channel_id, held_until, held_code, held_text, failing_since)
                VALUES (1, $1, $2, 'http.429', 'Too many.', 5)
                ON CONFLICT (organization_id, channel_id) DO UPDATE SET held_until = $2, held_code = 'http.429', held_text = 'Too many.',
                    failing_since = 5
                """, [SQLValue(channel.id), SQLValue(until)])
        }
        let text = try await outcomes(world, event)["Hook"]?.text
        #expect(text?.hasSuffix(" UTC. The web hook asked Runbell to wait. Too many.") == true)
        let found = try await world.repository.channelWithHealth(channel.id, of: world.organization, as: world.owner)
        #expect(found.health?.hold?.finding == Finding("http.429", "Too many.") && found.health?.lastSuccess == success)
        #expect(found.health?.failingSince == Timestamp(microseconds: 5) && found.health?.circuit == nil)
        world.clock.advance(by: .seconds(31))
        let later = try await world.repository.channelWithHealth(channel.id, of: world.organization, as: world.owner)
        #expect(later.health?.hold == nil)
    }
}
