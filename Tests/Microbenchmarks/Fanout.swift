import Notifications
import Repository
import TestSupport

/// An organization with some channels in a database in a file: each step waits for its own commit.
struct Fanout {
    private let channels: Int
    private let stores: Stores
    private let scheduler: Principal
    private let queues: [ChannelQueue]

    init(channels: Int) async throws {
        self.channels = channels
        let database = try await TestEngine.sqliteInAFile.database()
        stores = Stores(database: database, kinds: .standard(), masterKey: MasterKey(), now: TestClock.wall)
        try await database.addNodes("test", at: TestClock.wall())
        let tenant = try await Tenant(in: stores.repository)
        scheduler = try await tenant.service().principal
        var queues: [ChannelQueue] = []
        for number in 0..<channels {
            let channel = try await tenant.channel("Hook \(number)")
            queues.append(ChannelQueue(organizationID: tenant.organization, channelID: channel.id))
        }
        self.queues = queues
    }

    func measure() async throws -> [Measurement] {
        let times = max(2, 200 / channels)
        let accept = try await Measurement("accept, \(channels) channels", times: times) { number in
            _ = try await stores.repository.accept(
                .testFinished(.sample(Int64(number), status: .finished)), idempotencyKey: nil, as: scheduler)
        }
        var claimed: [[ClaimedDelivery]] = []
        let claim = try await Measurement("claim one of each of \(channels) channels", times: times) { _ in
            claimed.append(
                try await stores.deliveries.claim(queues.map { ($0, 1) }, owner: "test", lease: .seconds(600))
                    .flatMap(\.deliveries))
        }
        let record = try await Measurement("record \(channels) results", times: times) { number in
            _ = try await stores.deliveries.progress(
                recording: claimed[number].map(Self.arrival), claiming: [], owner: "test", lease: .seconds(600))
        }
        return [accept, claim, record]
    }

    private static func arrival(of delivery: ClaimedDelivery) -> DeliveryResult {
        DeliveryResult(
            delivery: delivery,
            attempt: Attempt(
                number: delivery.attempt, startedAt: TestClock.wall(), duration: .milliseconds(3), verdict: "delivered",
                finding: nil, status: 200, address: "127.0.0.1", answer: Array("ok".utf8)),
            verdict: .delivered, failure: nil,
            outcome: Outcome(of: .delivered, attempt: delivery.attemptOfRound, random: 0.5), uptime: .seconds(60))
    }
}
