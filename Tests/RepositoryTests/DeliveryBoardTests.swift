import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct DeliveryBoardTests {
    @Test func aLineHasWhatAPersonWantsToSeeBesideTheDelivery() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel("CI")
        _ = try await world.channel("Other")
        try await world.post(2)
        let claimed = try #require(try await world.claim(channel, limit: 1).first)
        _ = try await world.deliveries.record(world.result(claimed, .retry(Finding("http.503", "Busy."), after: nil)))
        let filter = DeliveryFilter(channelID: channel.id)
        let all = try await world.repository.deliveryBoard(
            of: world.organization, filter: filter, page: PageRequest(), as: world.owner)
        #expect(all.items.count == 2)
        let line = try #require(all.items.first { $0.delivery.attempts == 1 })
        #expect(line.channelName == "CI")
        #expect(line.text.hasPrefix("Busy. Runbell will retry at "))
        let run = try #require(line.content.run)
        let ofRun = try await world.repository.deliveryBoard(
            of: world.organization, filter: DeliveryFilter(runID: run.id), page: PageRequest(), as: world.owner)
        #expect(ofRun.items.count == 2)
        let part = try await world.repository.deliveryBoard(
            of: world.organization, filter: DeliveryFilter(), page: PageRequest(limit: 3), as: world.owner)
        #expect(part.items.count == 3)
        let rest = try await world.repository.deliveryBoard(
            of: world.organization, filter: DeliveryFilter(), page: PageRequest(cursor: part.next), as: world.owner)
        #expect(Set((part.items + rest.items).map(\.delivery.id)).count == 4)
    }

    @Test func aRecordTellsHowTheNewestAttemptsWent() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(3)
        for (index, delivery) in try await world.claim(channel).enumerated() {
            world.clock.advance(by: .seconds(1))
            let verdict: Verdict = index == 1 ? .refused(Finding("http.400", "No.")) : .delivered
            _ = try await world.deliveries.record(world.result(delivery, verdict))
        }
        let record = try await world.repository.recentAttempts(of: channel.id, in: world.organization, as: world.owner)
        #expect(record.attempts.map(\.isDelivered) == [true, false, true])
        #expect(record.failures == 1)
        #expect(record.lastSuccess == world.clock.now)
        #expect(record.lastFailure?.finding == "No.")
    }

    @Test func aRecordEndsWithTheNewestSixtyAttempts() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(61)
        let second = world.clock.now + .seconds(2)
        for delivery in try await world.claim(channel, limit: 61) {
            world.clock.advance(by: .seconds(1))
            _ = try await world.deliveries.record(world.result(delivery, .delivered))
        }
        let record = try await world.repository.recentAttempts(of: channel.id, in: world.organization, as: world.owner)
        #expect(record.attempts.count == 60)
        #expect(record.attempts.first?.at == second && record.lastSuccess == world.clock.now)
    }
}
