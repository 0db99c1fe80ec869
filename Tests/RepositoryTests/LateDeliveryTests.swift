import Notifications
import Repository
import TestSupport
import Testing

/// Deliveries whose channel, organization or result has changed in the meantime.
@Suite(.everyEngine) struct LateDeliveryTests {
    @Test func interruptionsLeaveAllTwelveAttempts() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(2)
        for number in 1...14 {
            let claimed = try await world.claim(channel)
            #expect(claimed.map(\.attemptOfRound) == [1, 1])
            #expect(claimed.map(\.attempt) == [number, number])
            if number % 2 == 0 { try await world.restart() } else { try await world.deliveries.release(claimed) }
            world.clock.advance(by: DeliveryStore.quarantine + .seconds(1))
        }
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(delivery, .retry(Finding("http.503", "Busy."), after: nil)))
        #expect(try await world.states().sorted { $0.rawValue < $1.rawValue } == [.claimed, .due])
        world.clock.advance(by: .seconds(8))
        #expect(try await world.claim(channel).map(\.attemptOfRound) == [2])
    }

    @Test func whatIsDueAtADisabledOrRemovedChannelIsSettledNotSent() async throws {
        let world = try await TestWorld()
        for (state, settled) in [("disabled", DeliveryState.skipped), ("removed", .cancelled)] {
            let channel = try await world.channel()
            try await world.post()
            try await world.database.execute(
                "UPDATE channels SET state = '\(state)' WHERE channel_id = \(channel.id.literal)")
            #expect(try await world.claim(channel).isEmpty)
            #expect(try await world.states().contains(settled))
            #expect(try await !world.states().contains(.due))
        }
    }

    @Test func aWrittenResultEndsARowOfInterruptions() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        for _ in 1...2 {
            #expect(try await world.claim(channel).count == 1)
            try await world.restart()
            world.clock.advance(by: DeliveryStore.quarantine)
        }
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(delivery, .retry(Finding("http.503", "Busy."), after: nil)))
        world.clock.advance(by: .seconds(3 * 3600))
        #expect(try await world.claim(channel).count == 1)
        try await world.restart()
        #expect(try await world.states() == [.due])
    }

    @Test func whatIsDeliveredIsNotRetried() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        await #expect(throws: RepositoryError.self) {
            try await world.repository.retryDelivery(delivery.id, of: world.organization, as: world.owner)
        }
        _ = try await world.deliveries.record(world.result(delivery, .delivered))
        await #expect(throws: RepositoryError.self) {
            try await world.repository.retryDelivery(delivery.id, of: world.organization, as: world.owner)
        }
        #expect(try await world.states() == [.delivered])
    }

    @Test func theOutcomeTellsOfTheLastAttempt() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let accepted = try await world.repository.accept(
            .testStarted(.sample()), idempotencyKey: nil, as: world.service())
        for text in ["First.", "Second."] {
            let delivery = try #require(try await world.claim(channel).first)
            _ = try await world.deliveries.record(world.result(delivery, .retry(Finding("http.503", text), after: nil)))
            world.clock.advance(by: .seconds(8))
        }
        let event = try await world.repository.event(accepted.eventID, of: world.organization, as: world.owner)
        #expect(event.outcomes.first?.text.hasPrefix("Second. Runbell will retry at ") == true)
    }

    @Test func aSpanBeginsWithItsStartAndEndsBeforeItsEnd() async throws {
        let world = try await TestWorld()
        _ = try await world.channel()
        try await world.post()
        let made = world.clock.now
        let spans: [(Timestamp?, Timestamp?, Int)] = [
            (made, made + .microseconds(1), 1), (made + .microseconds(1), nil, 0), (nil, made, 0),
        ]
        for (since, until, count) in spans {
            let deliveries = try await world.repository.deliveries(
                of: world.organization, filter: DeliveryFilter(since: since, until: until), page: PageRequest(),
                as: world.owner)
            let events = try await world.repository.events(
                of: world.organization, filter: EventFilter(since: since, until: until), page: PageRequest(),
                as: world.owner)
            #expect(deliveries.items.count == count && events.items.count == count)
        }
    }
}

@Suite(.everyEngine) struct SuspectTests {
    /// Deliveries that were in flight when the process died, twice, and are due again group by group.
    private func suspects(_ count: Int = 2) async throws -> (world: TestWorld, channel: Channel) {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(count)
        for _ in 1...2 {
            #expect(try await world.claim(channel, limit: 64).count == count)
            try await world.restart()
        }
        return (world, channel)
    }

    /// How many are due at each of the next steps of 50 ms.
    private func claims(_ count: Int, _ world: TestWorld, _ channel: Channel) async throws -> [Int] {
        var sizes: [Int] = []
        for _ in 1...count {
            sizes.append(try await world.claim(channel, limit: 64).count)
            world.clock.advance(by: .milliseconds(50))
        }
        return sizes
    }

    @Test func suspectsGoInGroupsBehindTheQuarantine() async throws {
        let (world, channel) = try await suspects(40)
        #expect(try await world.claim(channel).isEmpty)
        world.clock.advance(by: DeliveryStore.quarantine)
        #expect(try await claims(4, world, channel) == [16, 16, 8, 0])
    }

    @Test func thoseOfAGroupThatWasInterruptedGoFirstAndAlone() async throws {
        let (world, channel) = try await suspects(20)
        world.clock.advance(by: DeliveryStore.quarantine)
        #expect(try await world.claim(channel, limit: 3).count == 3)
        try await world.restart()
        #expect(try await Set(world.states()) == [.due])
        #expect(try await world.claim(channel).isEmpty)
        world.clock.advance(by: DeliveryStore.quarantine)
        #expect(try await claims(6, world, channel) == [1, 1, 1, 16, 1, 0])
    }

    @Test func theOneThatKillsIsFoundInItsGroup() async throws {
        let (world, channel) = try await suspects(20)
        let poison = try await world.repository.deliveries(
            of: world.organization, filter: DeliveryFilter(), page: PageRequest(), as: world.owner
        ).items[9].id
        var deaths = 0
        for _ in 1...20 * 4 {
            world.clock.advance(by: deaths == 0 ? DeliveryStore.quarantine : .milliseconds(50))
            let claimed = try await world.claim(channel, limit: 64)
            if claimed.contains(where: { $0.id == poison }) {
                deaths += 1
                try await world.restart()
                world.clock.advance(by: DeliveryStore.quarantine)
            } else {
                for delivery in claimed { _ = try await world.deliveries.record(world.result(delivery, .delivered)) }
            }
        }
        #expect(deaths == 2)
        let states = try await world.states()
        #expect(states.count { $0 == .delivered } == 19 && states.count { $0 == .failed } == 1)
    }

    @Test func ofTwoSuspectsNeitherIsParked() async throws {
        let (world, channel) = try await suspects()
        world.clock.advance(by: DeliveryStore.quarantine + .seconds(1))
        #expect(try await world.claim(channel).count == 2)
        try await world.restart()
        #expect(try await world.states() == [.due, .due])
    }

    @Test func aSuspectThatWasAloneIsParked() async throws {
        let (world, channel) = try await suspects()
        world.clock.advance(by: DeliveryStore.quarantine)
        #expect(try await world.claim(channel, limit: 1).count == 1)
        try await world.restart()
        #expect(try await Set(world.states()) == [.due, .failed])
    }

    @Test func aRestartLinesSuspectsUpAnew() async throws {
        let (world, channel) = try await suspects()
        world.clock.advance(by: DeliveryStore.quarantine + .seconds(1))
        try await world.restart()
        #expect(try await world.claim(channel).isEmpty)
    }
}
