import Notifications
import Repository

/// What the delivery engine does, step by step.
extension TestWorld {
    func claim(_ channel: Channel, limit: Int = 8) async throws -> [ClaimedDelivery] {
        let lane = Lane(organizationID: organization, channelID: channel.id)
        return try await repository.claim([(lane, limit)], owner: "test", lease: .seconds(30))
            .flatMap(\.deliveries)
    }

    func result(_ delivery: ClaimedDelivery, _ verdict: Verdict) -> DeliveryResult {
        DeliveryResult(
            delivery: delivery,
            attempt: Attempt(
                number: delivery.attempt, startedAt: clock.now, duration: .milliseconds(3), verdict: verdict.word,
                finding: verdict.finding, status: 200, address: "127.0.0.1", answer: Array("ok".utf8)),
            outcome: Outcome(of: verdict, attempt: delivery.attempt, now: clock.now, random: 0.5))
    }

    func post(_ count: Int = 1) async throws {
        let service = try await service()
        for number in 1...count {
            _ = try await repository.accept(
                .testStarted(TestWorld.run(Int64(number))), idempotencyKey: nil, as: service)
        }
    }

    func states() async throws -> [DeliveryState] {
        try await repository.deliveries(
            of: organization, filter: DeliveryFilter(), page: PageRequest(), as: owner
        ).items.map(\.state)
    }
}
