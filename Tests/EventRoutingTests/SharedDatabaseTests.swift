import EventRouting
import Notifications
import Repository
import Synchronization
import TestSupport
import Testing

/// The engine over a database that other nodes use too, when that is in trouble.
@Suite struct SharedDatabaseTests {
    private let troubles = Troubles()
    private let limits: DeliveryLimits

    init() {
        var limits = DeliveryLimits()
        limits.sweep = .milliseconds(100)
        self.limits = limits
    }

    private func waitForSweeps(_ count: Int) async throws {
        let before = troubles.sweeps.load(ordering: .relaxed)
        try await wait { troubles.sweeps.load(ordering: .relaxed) >= before + count }
    }

    /// The node believes that nothing was written, writes it again, and finds that the delivery is no longer its own.
    @Test func aRetryIsMadeWhoseRecordingSucceededUnnoticed() async throws {
        let transport = ScriptedTransport { [troubles] _, number in
            troubles.losesNextAnswer.store(number == 1, ordering: .relaxed)
            let header = Answer.Header("Retry-After", "120")
            return .answered(Answer(status: number == 1 ? 503 : 200, headers: [header], at: Timestamp(seconds: 0)))
        }
        try await World.withEngine(transport, limits: limits, sharing: troubles) { world in
            _ = try await world.channel("One")
            let accepted = try await world.router.accept(
                .testStarted(.sample()), idempotencyKey: nil, as: world.service)
            try await world.wait(for: accepted.eventID) { $0.reason == "http.503" && $0.state == .due }
            try await waitForSweeps(3)
            for seconds in [31, 100] {
                world.advance(by: .seconds(seconds))
                try await waitForSweeps(3)
            }
            try await world.wait(for: accepted.eventID) { $0.state == .delivered }
            #expect(transport.sent.count == 2 && !troubles.losesNextAnswer.load(ordering: .relaxed))
        }
    }

    /// It has given its signs of life all the time.
    @Test func aNodeThatCannotLookForOthersQueuesGoesOn() async throws {
        let transport = ScriptedTransport(status: 200)
        try await World.withEngine(transport, limits: limits, sharing: troubles) { world in
            try await world.database.addNodes("another", at: world.now + .seconds(3600))
            troubles.hidesWhatIsDue.store(true, ordering: .relaxed)
            _ = try await world.channel("One")
            try await waitForSweeps(3)
            world.advance(by: limits.trust + .seconds(1))
            try await waitForSweeps(3)
            let accepted = try await world.router.accept(
                .testStarted(.sample()), idempotencyKey: nil, as: world.service)
            try await world.wait(for: accepted.eventID) { $0.state == .delivered }
        }
    }

    /// At the end of a process nobody waits until a result can be written: the delivery is sent again by the next one.
    @Test func aResultThatCannotBeWrittenDoesNotKeepTheProcessFromEnding() async throws {
        let transport = ScriptedTransport(status: 200)
        let world = try await World(transport: transport, limits: limits, sharing: troubles)
        troubles.refusesResults.store(true, ordering: .relaxed)
        let hasEnded = Flag()
        let engine = Task { [engine = world.engine] in
            try await engine.run()
            hasEnded.isSet.store(true, ordering: .relaxed)
        }
        _ = try await world.channel("One")
        _ = try await world.router.accept(.testStarted(.sample()), idempotencyKey: nil, as: world.service)
        try await wait { transport.sent.count == 1 }
        try await waitForSweeps(3)
        engine.cancel()
        try await wait { hasEnded.isSet.load(ordering: .relaxed) }
        #expect(transport.sent.count == 1)
    }
}

private final class Flag: Sendable {
    let isSet = Atomic(false)
}
