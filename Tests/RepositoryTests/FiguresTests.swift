import Notifications
import Repository
import TestSupport
import Testing

/// What became of deliveries by the hour.
@Suite(.everyEngine) struct FiguresTests {
    private static let hour = Duration.seconds(3600)

    private func figures(_ world: TestWorld, _ channel: Channel? = nil) async throws -> DeliveryFigures {
        try await world.repository.figures(of: channel?.id, in: world.organization, as: world.owner)
    }

    private func rows(_ world: TestWorld) async throws -> Int64? {
        try await world.database.read { connection throws(RepositoryError) in
            try connection.row("SELECT count(*) FROM channel_hours", []) { row in row.integer(0) }
        }
    }

    @Test func resultsOfOneTransactionAreOneRowForAChannelAndOneForAll() async throws {
        let world = try await TestWorld()
        let channels = [try await world.channel("a"), try await world.channel("b")]
        try await world.post(5)
        var results: [DeliveryResult] = []
        for channel in channels {
            for (place, delivery) in try await world.claim(channel).enumerated() {
                let verdict: Verdict =
                    place == 0 ? .refused(Finding("http.400", "No.")) : place == 1 ? away : .delivered
                results.append(world.result(delivery, verdict))
            }
        }
        _ = try await world.deliveries.progress(
            recording: results, claiming: [], owner: "test", lease: .seconds(30))
        #expect(try await rows(world) == 3)
        let one = try await figures(world, channels[0]).total(ofHours: 24)
        #expect(one.delivered == 3 && one.failedAttempts == 2 && one.failed == 1)
        let all = try await figures(world)
        #expect(all.total(ofHours: 24).delivered == 6 && all.total(ofHours: 24).failed == 2)
        #expect(all.hours.count == 168 && all.total(ofHours: 1) == all.total(ofHours: 168))
        #expect(one.span(of: 1) == .milliseconds(10))
    }

    private let away = Verdict.retry(Finding("connect", "No connection came about."), after: nil)

    @Test func aResultThatComesTooLateCountsNothing() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(delivery, .delivered))
        _ = try await world.deliveries.record(world.result(delivery, .delivered))
        #expect(try await figures(world).total(ofHours: 24).delivered == 1)
    }

    @Test func whatIsNotSentForALocalReasonIsNoAttempt() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        let verdict = Verdict.postponed(Finding("local.files", "Too many files."), for: .seconds(30))
        _ = try await world.deliveries.record(world.postponed(delivery, verdict))
        #expect(try await figures(world).total(ofHours: 24).attempts == 0)
    }

    @Test func theArrivalIsCountedFromTheEvent() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        world.clock.advance(by: .seconds(40))
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(delivery, .delivered))
        #expect(try await figures(world, channel).total(ofHours: 24).span(of: 0.5) == .seconds(60))
    }

    @Test func hoursPassAndAreForgotten() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        for _ in 1...2 {
            try await world.post()
            let delivery = try #require(try await world.claim(channel, limit: 1).first)
            _ = try await world.deliveries.record(world.result(delivery, .delivered))
            world.clock.advance(by: Self.hour * 30)
        }
        let after = try await figures(world, channel)
        #expect(after.total(ofHours: 24).delivered == 0)
        #expect(after.total(ofHours: 31).delivered == 1 && after.total(ofHours: 168).delivered == 2)
        #expect(try await world.maintenance.forgetHours(limit: 100) == 0)
        world.clock.advance(by: Self.hour * 110)
        #expect(try await world.maintenance.forgetHours(limit: 100) == 2)
        #expect(try await figures(world, channel).total(ofHours: 168).delivered == 1)
        #expect(try await rows(world) == 2)
    }

    @Test func whatWaitsIsCountedWithItsAge() async throws {
        let world = try await TestWorld()
        let (one, other) = (try await world.channel("a"), try await world.channel("b"))
        #expect(try await figures(world).waiting == .nothing)
        try await world.post(3)
        let posted = world.clock.now
        world.clock.advance(by: .seconds(60))
        let claimed = try await world.claim(other)
        #expect(claimed.count == 3)
        #expect(try await figures(world).waiting == .some(3, since: posted))
        #expect(try await figures(world, one).waiting == .some(3, since: posted))
        #expect(try await figures(world, other).waiting == .nothing)
    }
}
