import Notifications
import Repository

@testable import EventRouting

/// A small world around the real engine's state and the real repository on a real database: its time, receivers,
/// crashes and users are drawn from one seed. Everything happens sequentially, so a seed always gives the same run.
final class SimulatedWorld {
    enum Item {
        case perform(process: Int, EngineEffect)
        case hear(process: Int, EngineInput)
        case answer(process: Int, ClaimedDelivery, ExchangeResult, startedAt: Timestamp)
        case tick(process: Int, at: Duration)
        case post(EventContent)
        /// The transaction of an event that was posted, for which that process may have set room aside.
        case accept(process: Int, Posting)
        case enable(ChannelID)
        case resume(ChannelID)
        case start
        case something
        case heal
        /// The receivers begin a week of failures.
        case sicken
        case pauseAll(for: Duration)
        case stall
        case stop(for: Duration)
        case planRemoval(ChannelID)
        case undoRemoval(ChannelID)
        /// Settles what is due at changed channels, a piece at a time.
        case settle
        /// Sets the wall clock.
        case setClock
        case replay(ChannelID)
        /// Advances replays and carries out removals that are due.
        case tasks
    }

    struct Posting {
        let key: String
        let content: EventContent
        let organization: OrganizationID
        let reservation: Reservation?
    }

    let seed: UInt64
    let sabotage: Sabotage?
    var generator: SeededGenerator
    let time: SimulatedTime
    var clock: ServiceClock { time.current ?? time.clock() }
    /// The clock for due times.
    let scheduled: @Sendable () -> Timestamp
    let database: any SQLDatabase
    let stores: Stores
    var repository: Repository { stores.repository }
    var deliveries: DeliveryStore { stores.deliveries }
    var maintenance: MaintenanceStore { stores.maintenance }
    let people: SimulationGround.People
    let plan: SimulationPlan
    var agenda = Agenda<Item>()
    var witness: Witness
    var receivers: [ChannelID: SimulatedReceiver] = [:]
    /// Every channel that has not been removed, by organization.
    var channels: [OrganizationID: [ChannelID]] = [:]
    /// Channels with damaged rows: no user can change them.
    var damaged: Set<ChannelID> = []
    /// Queues woken by channel changes that the engine has not been told of yet.
    let woken = WokenQueues()
    var runs = 0
    var postings = 0
    /// What clients want to post while no process is running.
    var unposted: [EventContent] = []
    var posted: [(key: String, content: EventContent, event: EventID)] = []

    /// The running process; nil if there is none. Dead processes keep their numbers.
    var engine: EngineState?
    var process = 0
    var tickAt: Duration?
    var isHealed = false
    /// When the database last failed on purpose.
    var failedAt = Duration.seconds(-60)
    /// The database does nothing until then.
    var stalledUntil = Duration.zero
    var isSettling = false
    var hasTasks = false
    /// How often the machine was restarted.
    private var boots = 0
    var steps = 0
    /// Whether each step is printed.
    var isTold = false

    init(seed: UInt64, sabotage: Sabotage? = nil, on ground: SimulationGround) async throws {
        try await ground.clear()
        self.seed = seed
        self.sabotage = sabotage
        generator = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ 0xB5)
        plan = SimulationPlan(&generator)
        time = SimulatedTime()
        let time = time
        time.current = time.clock()
        database = ground.database
        let scheduled: @Sendable () -> Timestamp = {
            let clock = time.current ?? time.clock()
            return sabotage == .dueTimesLeftBehind ? clock.now : clock.scheduled
        }
        self.scheduled = scheduled
        stores = Stores(
            database: database, kinds: .standard(), masterKey: ground.masterKey,
            now: { (time.current ?? time.clock()).now }, scheduled: scheduled,
            settledAtOnce: 1, contentKept: seed.isMultiple(of: 2) ? 0 : RecentContents.longest)
        people = ground.people
        witness = Witness(limits: SimulationPlan.limits)
    }

    var violations: [String] { witness.violations }

    /// Runs the world to its end; stops at the first violation.
    func run() async throws {
        try await makeChannels()
        try await meddleBeforeAll()
        plan.schedule(&agenda, &generator)
        agenda.add(.start, at: .zero)
        while witness.violations.isEmpty, steps < 20_000 {
            if let next = agenda.nextAt, next - time.steady > .seconds(1) {
                time.go(to: next - .seconds(1))
                try await checkRest()
            }
            guard let (at, item) = agenda.next() else { break }
            time.go(to: at)
            do {
                try await take(item)
                try await settleLater(after: item)
            } catch {
                witness.expect(false, "the database refuses: \(error)")
            }
            steps += 1
        }
        witness.expect(steps < 20_000, "it does not come to an end")
        if witness.violations.isEmpty { try await checkEnd() }
    }

    private func take(_ item: Item) async throws {
        tell(item)
        switch item {
        case .perform(let process, let effect): try await perform(effect, by: process)
        case .hear(let process, let input) where process == self.process: hear(input)
        case .answer(let process, let delivery, let result, let startedAt):
            try answer(delivery, result, startedAt: startedAt, to: process)
        case .tick(let process, let at) where process == self.process && at == tickAt:
            tickAt = nil
            hear(.ticked)
        case .post(let content): post(content)
        case .accept(let process, let posting): try await accept(posting, by: process)
        case .enable(let channel): try await setEnabled(channel, true)
        case .resume(let channel): try await resume(channel)
        case .start: try await start()
        case .something: try await doSomething()
        case .heal: heal()
        case .sicken: changeAMood()
        case .stall: stallTheWriter()
        case .pauseAll(let duration): try await pauseAll(for: duration)
        case .stop(let duration): die(for: duration)
        case .planRemoval(let channel): try await planRemoval(of: channel)
        case .undoRemoval(let channel): try await undoRemoval(of: channel)
        case .settle: try await settle()
        case .setClock: setTheClock()
        case .replay(let channel): try await startAReplay(at: channel)
        case .tasks: try await doTasks()
        case .hear, .tick: break
        }
    }

    /// From now on all receivers are well and no process dies, so whatever waits can be delivered.
    private func heal() {
        isHealed = true
        for channel in receivers.keys { receivers[channel] = SimulatedReceiver() }
        agenda.add(.start, at: time.steady + .seconds(1))
    }

    // MARK: The process

    func start() async throws {
        guard engine == nil else { return }
        process += 1
        witness.started(at: time.steady)
        // The service cannot tell that the wall clock was set while the machine was off.
        if clock.drift == .zero, happens(0.5) { boots += 1 }
        try await meddleBeforeAStart()
        time.current = try await ServiceClock.load(
            from: database, wall: { [time] in time.wall }, steady: { [time] in time.steady }, boot: "boot \(boots)")
        engine = EngineState(limits: limits, at: moment)
        tickAt = nil
        if sabotage == .recoveryForgotten {
            hear(.began([]))
        } else {
            let queues = try await deliveries.begin(as: Node(id: owner))
            try await meddleAfterAStart()
            hear(.began(queues))
        }
        postAgainAfterAStart()
    }

    /// The time that the engine is given.
    var moment: Moment {
        var moment = clock.moment
        moment.time = scheduled()
        return moment
    }

    /// The limits for the engine: the ones that the witness knows, unless sabotaged.
    private var limits: DeliveryLimits {
        var limits = SimulationPlan.limits
        if sabotage == .capDoubled { limits.window = 2 * limits.window.lowerBound...2 * limits.window.upperBound }
        if sabotage == .windowStaysOpen { limits.window = limits.window.upperBound...limits.window.upperBound }
        if sabotage == .reserveIgnored { limits.reserve = 0 }
        return limits
    }

    /// Memory is lost; requests in flight may still be answered, but no running process learns of it.
    func die(for duration: Duration? = nil) {
        guard engine != nil, !isHealed else { return }
        engine = nil
        witness.died()
        let lives = plan.leavesThieves
        agenda.keep { item in
            switch item {
            case .perform(_, .write), .answer: lives
            case .perform, .hear, .tick: false
            default: true
            }
        }
        let pause = Duration.milliseconds(Int.random(in: 10...20_000, using: &generator))
        agenda.add(.start, at: time.steady + (duration ?? pause))
    }

    /// Writes wait, and are then done in order.
    private func stallTheWriter() {
        // Another stall never shortens the current one.
        stalledUntil = max(stalledUntil, time.steady + .seconds(Int.random(in: 1...90, using: &generator)))
        failedAt = stalledUntil
    }

    func hear(_ input: EngineInput) {
        guard var state = engine else { return }
        if sabotage == .wakesLost, input.isAWake { return }
        for effect in state.step([input], at: moment) {
            if case .write(let work) = effect { witness.claiming(work.turns) }
            agenda.add(.perform(process: process, effect), at: time.steady + jitter(milliseconds: 3))
        }
        engine = state
        scheduleTick(state)
    }

    private func scheduleTick(_ state: EngineState) {
        guard let wakesAt = state.wakesAt else { return }
        let at = max(wakesAt, time.steady) + .milliseconds(1) + jitter(milliseconds: 250)
        if let tickAt, tickAt <= at { return }
        tickAt = at
        agenda.add(.tick(process: process, at: at), at: at)
    }

    func jitter(milliseconds: Int) -> Duration {
        .microseconds(Int.random(in: 0...(milliseconds * 1000), using: &generator))
    }

    func happens(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &generator) < probability }
}

extension EngineState {
    /// When the engine next has something to do without any other input.
    var wakesAt: Duration? {
        let writes = underWay.values.compactMap(\.writeAt).min()
        return [scheduler.nextAlarm, writes, underWay.isEmpty ? nil : sweepAt].compactMap { $0 }.min()
    }
}

extension EngineInput {
    /// Whether something that nobody has claimed is due.
    fileprivate var isAWake: Bool {
        switch self {
        case .woken: true
        case .accepted(let events): events.contains { $0.reservation == nil && !$0.dueQueues.isEmpty }
        default: false
        }
    }
}
