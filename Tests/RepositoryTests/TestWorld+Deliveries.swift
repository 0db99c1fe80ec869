import Notifications
import Repository
import TestSupport

/// The delivery engine's calls, step by step.
extension TestWorld {
    func claim(_ channel: Channel, limit: Int = 8) async throws -> [ClaimedDelivery] {
        let queue = ChannelQueue(organizationID: organization, channelID: channel.id)
        return try await deliveries.claim([(queue, limit)], owner: "test", lease: .seconds(30))
            .flatMap(\.deliveries)
    }

    private static func failure(_ verdict: Verdict) -> ChannelHealth.Failure? {
        verdict == .delivered ? nil : .failing
    }

    /// A sign of life of that node; returns whether another one was found gone. Claims belong to the node `test`.
    func beat(_ node: String = "another") async throws -> Bool {
        try await deliveries.beat(as: Node(id: node), isInCharge: false).gone.contains { $0 != Node.only }
    }

    /// The process dies, and another one starts.
    func restart() async throws {
        _ = try await deliveries.begin(as: Node(id: "test"))
    }

    func result(
        _ delivery: ClaimedDelivery, _ verdict: Verdict, failure: ChannelHealth.Failure? = nil,
        uptime: Duration = .seconds(100 * 86_400), message: SentMessage = .unnamed
    ) -> DeliveryResult {
        DeliveryResult(
            delivery: delivery,
            attempt: Attempt(
                number: delivery.attempt, startedAt: clock.now, duration: .milliseconds(3), verdict: verdict.word,
                finding: verdict.finding, status: 200, address: "127.0.0.1", answer: Array("ok".utf8)),
            verdict: verdict, failure: failure ?? Self.failure(verdict),
            outcome: Outcome(of: verdict, attempt: delivery.attemptOfRound, random: 0.5), uptime: uptime,
            message: message)
    }

    /// A result without anything sent.
    func postponed(_ delivery: ClaimedDelivery, _ verdict: Verdict) -> DeliveryResult {
        let sent = result(delivery, verdict)
        return DeliveryResult(
            delivery: delivery, attempt: sent.attempt, verdict: verdict, failure: nil, outcome: sent.outcome,
            uptime: .zero)
    }

    func post(_ count: Int = 1) async throws {
        let service = try await service()
        for number in 1...count {
            _ = try await repository.accept(
                .testStarted(.sample(Int64(number))), idempotencyKey: nil, as: service)
        }
    }

    /// Posts a whole batch, piece by piece.
    func post(_ batch: [EventContent], as service: Principal) async throws {
        var rest = batch[...]
        while !rest.isEmpty { rest = rest.dropFirst(try await repository.accept(firstOf: rest, as: service).count) }
    }

    func states() async throws -> [DeliveryState] {
        try await repository.deliveries(
            of: organization, filter: DeliveryFilter(), page: PageRequest(), as: owner
        ).items.map(\.state)
    }
}
