import Notifications
@testable import Repository
import Synchronization
import TestSupport
import Testing

@testable import EventRouting

/// How the engine reacts to faults around it.
@Suite struct EngineFaultTests {
    private static let ok = ExchangeResult.answered(Answer(status: 200, at: Timestamp(seconds: 0)))

    private func post(_ world: World, _ run: Int64 = 42) async throws -> EventID {
        try await world.router.accept(.testStarted(.sample(run)), idempotencyKey: nil, as: world.service).eventID
    }

    @Test func anUnreadableChannelDelaysNoOther() async throws {
        try await World.withEngine(ScriptedTransport(status: 200)) { world in
            _ = try await world.channel("Good")
            let damaged = try await world.channel("Damaged")
            try await world.database.execute(
                "UPDATE channels SET settings = x'00' WHERE channel_id = \(damaged.id.literal)")
            let event = try await post(world)
            try await world.wait(for: event) { $0.channelName != "Good" || $0.state == .delivered }
        }
    }

    @Test func aResultThatCannotBeWrittenIsRetriedWithoutSendingAgain() async throws {
        let transport = ScriptedTransport(status: 200)
        try await World.withEngine(transport) { world in
            _ = try await world.channel("One")
            try await world.database.execute("CREATE TABLE full (a INTEGER)", "INSERT INTO full (a) VALUES (1)")
            try await world.database.refuseInserts(into: "attempts", when: "(SELECT count(*) FROM full) > 0")
            let event = try await post(world)
            try await wait { !transport.sent.isEmpty }
            try await Task.sleep(for: .milliseconds(100))
            #expect(try await world.outcomes(of: event).map(\.state) == [.claimed])
            try await world.database.execute("DELETE FROM full WHERE a > 0")
            try await world.wait(for: event) { $0.state == .delivered }
            #expect(transport.sent.count == 1)
        }
    }

    @Test func sweepsKeepTheirIntervalAndNeverOverlap() {
        let start = Moment(time: Timestamp(seconds: 1_795_000_000), steady: .zero, drift: .zero)
        func later(_ seconds: Int) -> Moment {
            Moment(time: start.time + .seconds(seconds), steady: .seconds(seconds), drift: .zero)
        }
        var state = EngineState(limits: DeliveryLimits(), at: start)
        var counts = [state.step([.began([])], at: start).count]
        for (seconds, input) in [
            (4, EngineInput.ticked), (5, .ticked), (11, .ticked), (12, .swept(Sweep())), (13, .ticked),
        ] {
            counts.append(state.step([input], at: later(seconds)).count)
        }
        #expect(counts == [0, 0, 1, 0, 0, 1])
    }

    /// Others will soon take it for gone, and what it has claimed is over by then.
    @Test func whoGivesNoSignOfLifeClaimsNothing() {
        let start = Moment(time: Timestamp(seconds: 1_795_000_000), steady: .zero, drift: .zero)
        let queue = ChannelQueue(organizationID: OrganizationID(1), channelID: ChannelID(at: start.time))
        var state = EngineState(limits: DeliveryLimits(), at: start)
        var done: [String] = []
        for (seconds, input) in [
            (0, EngineInput.began([])), (5, .ticked), (5, .swept(Sweep())), (10, .ticked), (15, .swept(nil)),
            (16, .ticked), (20, .swept(nil)), (21, .woken([(queue, nil)])), (21, .ticked), (22, .swept(Sweep())),
        ] {
            let moment = Moment(time: start.time + .seconds(seconds), steady: .seconds(seconds), drift: .zero)
            if seconds == 21 { #expect(state.reserve(for: queue.organizationID, at: moment) == nil) }
            for effect in state.step([input], at: moment) {
                switch effect {
                case .sweep: done.append("\(seconds): sign of life")
                case .write: done.append("\(seconds): claim")
                default: break
                }
            }
        }
        let signs = [5, 10, 16, 21].map { "\($0): sign of life" }
        #expect(done == signs + ["22: claim"])
        #expect(DeliveryLimits().trust + DeliveryLimits().deadline <= DeliveryStore.silence)
    }

    @Test func whatIsUncertainIsLookedAtOnceItIsOld() {
        var uncertainty = Uncertainty()
        var looks: [Int] = []
        for (second, count) in [(0, 0), (10, 1), (14, 1), (14, 2), (18, 2), (19, 2), (20, 2), (24, 2), (30, 3)] {
            guard uncertainty.isOld(count, at: .seconds(second), after: .seconds(5)) else { continue }
            looks.append(second)
            // The first look fails.
            if second > 19 { uncertainty.resolve(count) }
        }
        #expect(looks == [19, 20])
    }

    /// Turns that failed together wait to be tried one by one; meanwhile the node may no longer claim.
    @Test func aTurnThatMayNotBeTakenNowIsTakenLater() throws {
        let start = Moment(time: Timestamp(seconds: 1_795_000_000), steady: .zero, drift: .zero)
        func later(_ seconds: Int) -> Moment {
            Moment(time: start.time + .seconds(seconds), steady: .seconds(seconds), drift: .zero)
        }
        let queues = (1...2).map { number in
            ChannelQueue(organizationID: OrganizationID(Int64(number)), channelID: ChannelID(at: start.time))
        }
        var state = EngineState(limits: DeliveryLimits(), at: start)
        let effects = state.step([.began(queues.map { DueQueue(queue: $0, dueAt: start.time) })], at: start)
        guard case .write(let work)? = effects.first, work.turns.count == 2 else {
            Issue.record("\(effects)")
            return
        }
        #expect(state.step([.writeFailed(work)], at: later(16)).isEmpty)
        #expect(state.step([.ticked], at: later(17)).count == 1)
        #expect(state.step([.swept(Sweep())], at: later(17)).isEmpty)
        guard case .write(let again)? = state.step([.ticked], at: later(19)).first else {
            Issue.record("the turns were lost")
            return
        }
        #expect(Set(again.turns.map(\.queue)) == Set(queues))
    }

    @Test(
        "A claim in progress when the wall clock is set keeps its alarm", arguments: [7200, -7200])
    func aWallClockThatIsSetMovesNoAlarm(_ jump: Int64) throws {
        let wall = Mutex(Timestamp(seconds: 1_795_000_000))
        let steady = Mutex(Duration.zero)
        let clock = ServiceClock(
            wall: { wall.withLock { $0 } + steady.withLock { $0 } }, steady: { steady.withLock { $0 } })
        let queue = ChannelQueue(organizationID: OrganizationID(1), channelID: ChannelID(at: clock.now))
        var state = EngineState(limits: DeliveryLimits(), at: clock.moment)
        _ = state.step([.began([DueQueue(queue: queue, dueAt: clock.scheduled)])], at: clock.moment)
        let turn = FairScheduler.Turn(queue: queue, limit: DeliveryLimits().window.lowerBound)
        let read = QueueClaim(queue: queue, host: nil, deliveries: [], nextDueAt: clock.scheduled + .seconds(5))
        wall.withLock { $0 = $0 + .seconds(jump) }
        clock.follow(by: clock.drift)
        let written = EngineInput.written(EngineWork(turns: [turn]), Progress(claims: [read]))
        var claims: [Bool] = []
        for (milliseconds, input) in [(1, written), (4999, .ticked), (5000, .ticked)] {
            steady.withLock { $0 = .milliseconds(milliseconds) }
            let effects = state.step([input], at: clock.moment)
            claims.append(effects.contains { if case .write = $0 { true } else { false } })
        }
        #expect(claims == [false, false, true])
    }

    /// Runs the engine without a service group, and cancels it while a delivery is in flight.
    private func cancelWhileSending(_ result: ExchangeResult) async throws -> (world: World, event: EventID) {
        let transport = ScriptedTransport { _, _ in
            try? await Task.sleep(for: .seconds(60))
            return result
        }
        let world = try await World(transport: transport)
        _ = try await world.channel("One")
        let run = Task { try await world.engine.run() }
        let event = try await post(world)
        try await wait { !transport.sent.isEmpty }
        run.cancel()
        try await run.value
        return (world, event)
    }

    @Test func anInterruptedAttemptIsDueAgain() async throws {
        let (world, event) = try await cancelWhileSending(.failed(.disconnected))
        #expect(try await world.outcomes(of: event).map(\.state) == [.due])
    }

    @Test func anAnswerThatArrivesDespiteCancellationCounts() async throws {
        let (world, event) = try await cancelWhileSending(Self.ok)
        #expect(try await world.outcomes(of: event).map(\.state) == [.delivered])
    }

    @Test func deliveriesOfAnEarlierProcessAreSentAfterAStart() async throws {
        let transport = ScriptedTransport(status: 200)
        let world = try await World(transport: transport)
        _ = try await world.channel("One")
        let accepted = try await world.repository.accept(
            .testStarted(.sample()), idempotencyKey: nil, as: world.service)
        let run = Task { try await world.engine.run() }
        try await world.wait(for: accepted.eventID) { $0.state == .delivered }
        run.cancel()
        try await run.value
    }
}
