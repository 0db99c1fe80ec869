import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct DeliveryTests {
    @Test func aClaimIsTakenOnceAndCarriesEverything() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(3)
        let first = try await world.claim(channel, limit: 2)
        let second = try await world.claim(channel)
        #expect(first.count == 2 && second.count == 1)
        #expect(Set((first + second).map(\.id)).count == 3)
        #expect(first.allSatisfy { $0.channel.settings.text("url") != nil && $0.attempt == 1 })
        #expect(first.first?.content.run?.name == "Checkout")
    }

    @Test func aResultIsWrittenWithItsAttempt() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        #expect(try await world.deliveries.record(world.result(delivery, .delivered)).isOurs)
        let read = try await world.repository.delivery(delivery.id, of: world.organization, as: world.owner)
        #expect(read.delivery.state == .delivered)
        #expect(read.attempts.map(\.verdict) == ["delivered"])
        #expect(read.attempts.first?.answer == Array("ok".utf8))
    }

    @Test func aResultBehindATakenLeaseChangesNothing() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let old = try #require(try await world.claim(channel).first)
        try await world.restart()
        let new = try #require(try await world.claim(channel).first)
        #expect(old.id == new.id && new.fencingToken == old.fencingToken + 1)
        #expect(try await !world.deliveries.record(world.result(old, .delivered)).isOurs)
        #expect(try await world.states() == [.claimed])
        #expect(try await world.deliveries.record(world.result(new, .delivered)).isOurs)
        #expect(try await world.states() == [.delivered])
    }

    /// Nobody has claimed it again yet, so its token is still the newest.
    @Test func aResultBehindAClaimThatWasTakenBackChangesNothing() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        try await world.restart()
        #expect(try await !world.deliveries.record(world.result(delivery, .delivered)).isOurs)
        #expect(try await world.states() == [.due])
    }

    @Test func aRetryIsDueLater() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(delivery, .retry(Finding("http.503", "Busy."), after: nil)))
        #expect(try await world.claim(channel).isEmpty)
        world.clock.advance(by: .seconds(8))
        #expect(try await world.claim(channel).map(\.attempt) == [2])
    }

    @Test func aReceiverGoneForGoodDisablesTheChannel() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(2)
        let deliveries = try await world.claim(channel, limit: 1)
        let delivery = try #require(deliveries.first)
        _ = try await world.deliveries.record(world.result(delivery, .gone(Finding("http.410", "Gone."))))
        let read = try await world.repository.channel(channel.id, of: world.organization, as: world.owner)
        #expect(read.state == .disabled && read.disabledReason == "Gone." && read.version == 2)
        #expect(try await Set(world.states()) == [.failed, .skipped])
        let entry = try #require(try await world.auditEntries().last)
        #expect(entry.actor == "system" && entry.action == "channel.disabled")
    }

    @Test func whatAProcessLeftClaimedIsDueAgainAndPoisonIsParked() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        for attempt in 1...3 {
            #expect(try await world.claim(channel).map(\.attempt) == [attempt])
            try await world.restart()
            if attempt == 2 {
                #expect(try await world.claim(channel).isEmpty)
                world.clock.advance(by: DeliveryStore.quarantine)
            }
        }
        #expect(try await world.claim(channel).isEmpty)
        let delivery = try #require(
            try await world.repository.deliveries(
                of: world.organization, filter: DeliveryFilter(state: .failed), page: PageRequest(), as: world.owner
            ).items.first)
        #expect(delivery.reason == "poison")
        let read = try await world.repository.delivery(delivery.id, of: world.organization, as: world.owner)
        #expect(read.attempts.map(\.verdict) == ["interrupted", "interrupted", "interrupted"])
    }

    @Test func theEndOfARunWaitsForItsStartUntilThatIsRetried() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let service = try await world.service()
        for content in [EventContent.testStarted(.sample()), .testFinished(.sample(status: .finished))] {
            _ = try await world.repository.accept(content, idempotencyKey: nil, as: service)
        }
        _ = try await world.repository.accept(
            .testFinished(.sample(43, status: .finished)), idempotencyKey: nil, as: service)
        let first = try await world.claim(channel)
        #expect(Set(first.map(\.content.run?.id.value)) == [42, 43])
        let start = try #require(first.first { $0.content.type == .testStarted })
        _ = try await world.deliveries.record(world.result(start, .retry(Finding("http.503", "Busy."), after: nil)))
        #expect(try await world.claim(channel).isEmpty)
        world.clock.advance(by: .seconds(8))
        #expect(try await world.claim(channel, limit: 1).map(\.content.type) == [.testStarted])
        #expect(try await world.claim(channel).map(\.content.type) == [.testFinished])
    }

    @Test func theEndOfARunGoesWhenItsStartHasArrived() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let service = try await world.service()
        for content in [EventContent.testStarted(.sample()), .testFinished(.sample(status: .finished))] {
            _ = try await world.repository.accept(content, idempotencyKey: nil, as: service)
        }
        let start = try #require(try await world.claim(channel).first)
        #expect(try await world.claim(channel).isEmpty)
        _ = try await world.deliveries.record(world.result(start, .delivered))
        #expect(try await world.claim(channel).map(\.content.type) == [.testFinished])
    }

    @Test func aFailedDeliveryCanBeRetriedByHand() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(delivery, .refused(Finding("http.400", "No."))))
        let retried = try await world.repository.retryDelivery(delivery.id, of: world.organization, as: world.owner)
        #expect(retried.state == .due)
        #expect(try await world.claim(channel).count == 1)
        await #expect(throws: RepositoryError.self) {
            try await world.repository.retryDelivery(delivery.id, of: world.organization, as: world.owner)
        }
    }

    @Test(arguments: [false, true]) func whatIsInFlightIsNotRetriedByHand(again: Bool) async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        await #expect(throws: RepositoryError.conflict("The delivery is claimed; there is nothing to retry.")) {
            try await world.repository.retryDelivery(
                delivery.id, of: world.organization, again: again, as: world.owner)
        }
        #expect(try await world.states() == [.claimed])
    }

    @Test func dueQueuesAreFoundAfterARestart() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(2)
        let queues = try await world.deliveries.begin(as: Node(id: "test"))
        #expect(queues.map(\.queue.channelID) == [channel.id])
    }
}
