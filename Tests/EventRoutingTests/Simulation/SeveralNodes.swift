import Notifications
import Repository
import TestSupport

@testable import EventRouting

/// Several nodes over one database, in simulated time: the real engine's state of each, on the real repository. Nodes die,
/// stand still and come back with old tokens, and leave; what they tell each other may be lost, and so may the answer to a
/// commit.
final class SeveralNodes {
    /// A process. Its number tells it from those of the same name before it.
    struct Process: Hashable {
        let name: String
        let number: Int
    }

    enum Sabotage: CaseIterable {
        /// A result is written no matter who holds the claim.
        case tokenIgnored
        /// A living node counts as gone.
        case livingNodeRobbed
        /// Claims of nodes that are gone stay theirs.
        case goneNodesKept
        /// Every node uses the whole of each limit.
        case limitsNotShared
        /// What only a node that is gone knew of is not looked for.
        case duesNotLookedFor
        /// What a commit claimed whose answer was lost stays claimed.
        case unknownClaimsKept
    }

    enum Item {
        case perform(Process, EngineEffect)
        case hear(Process, EngineInput)
        case answer(Process, ClaimedDelivery)
        case tick(Process)
        case post, disturb, heal
        case start(String)
        case goOn(String)
        case checkGone(Process)
    }

    struct Running {
        let process: Process
        var engine: EngineState
        /// It stands still until then.
        var frozenUntil = Duration.zero
        var alive: Set<String> = []
        var lostAnswers = 0
        var uncertainty = Uncertainty()
    }

    static let names = ["a", "b", "c"]
    static let limits = {
        var limits = SimulationPlan.limits
        limits.sweep = DeliveryLimits().sweep
        limits.trust = DeliveryLimits().trust
        return limits
    }()
    static let end = Duration.seconds(152)

    let sabotage: Sabotage?
    var generator: SeededGenerator
    let time = SimulatedTime()
    let clock: ServiceClock
    let database: any SQLDatabase
    let stores: Stores
    let people: SimulationGround.People
    var agenda = Agenda<Item>()
    var nodes: [String: Running] = [:]
    /// What each running process has in flight, or has not written yet.
    var held: [Process: [DeliveryID: Int64]] = [:]
    /// What is on its way to a receiver, by channel.
    var sending: [ChannelID: Int] = [:]
    var arrivals: [DeliveryID: Int] = [:]
    /// How often a node that held a delivery died or stood still.
    var excuses: [DeliveryID: Int] = [:]
    var written: Set<String> = []
    var violations: [String] = []
    /// When a node last began, stood still, left or died.
    var changedAt = Duration.zero
    var count = 0
    var posted: Int64 = 0
    var isHealed = false

    init(seed: UInt64, sabotage: Sabotage? = nil, on ground: SimulationGround) async throws {
        try await ground.clear()
        self.sabotage = sabotage
        generator = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ 0x17)
        let clock = time.clock()
        self.clock = clock
        database = ground.database
        people = ground.people
        stores = Stores(
            database: ground.database, kinds: .standard(), masterKey: ground.masterKey, now: { clock.now },
            scheduled: { clock.scheduled })
    }

    func run() async throws {
        let owner = people.owners[OrganizationID(1)] ?? .operator
        for name in ["One", "Two"] {
            _ = try await stores.repository.createChannel(in: OrganizationID(1), as: owner) { () throws(InvalidInput) in
                .webHook(name)
            }
        }
        for name in Self.names {
            agenda.add(.start(name), at: .milliseconds(Int.random(in: 0...900, using: &generator)))
        }
        for _ in 0..<12 { agenda.add(.post, at: moment(upTo: 100)) }
        for _ in 0..<4 { agenda.add(.disturb, at: moment(upTo: 90)) }
        agenda.add(.heal, at: Self.end)
        var steps = 0
        while violations.isEmpty, steps < 20_000, let (at, item) = agenda.next(), at < Self.end + .seconds(200) {
            time.go(to: at)
            if let until = frozen(item) { agenda.add(item, at: until) } else { try await take(item) }
            steps += 1
        }
        if violations.isEmpty { try await checkEnd() }
    }

    private func moment(upTo seconds: Int) -> Duration {
        .milliseconds(Int.random(in: 1000...(seconds * 1000), using: &generator))
    }

    private func take(_ item: Item) async throws {
        switch item {
        case .perform(let process, let effect): try await perform(effect, by: process)
        case .hear(let process, let input): hear(input, by: process)
        case .answer(let process, let delivery): try answer(delivery, to: process)
        case .tick(let process):
            guard isRunning(process) else { return }
            hear(.ticked, by: process)
            agenda.add(.tick(process), at: time.steady + .milliseconds(250))
        case .post: try await post()
        case .disturb: try await disturb()
        case .heal: heal()
        case .start(let name): try await start(name)
        case .goOn: changedAt = time.steady
        case .checkGone(let process): try await checkGone(process)
        }
    }

    /// A process that stands still does nothing; what it has sent is on its way.
    private func frozen(_ item: Item) -> Duration? {
        switch item {
        case .perform(let process, _), .hear(let process, _), .answer(let process, _), .tick(let process):
            guard let node = nodes[process.name], node.process == process, node.frozenUntil > time.steady else {
                return nil
            }
            return node.frozenUntil
        default: return nil
        }
    }

    func isRunning(_ process: Process) -> Bool { nodes[process.name]?.process == process }

    func hear(_ input: EngineInput, by process: Process) {
        guard isRunning(process) else { return }
        for effect in nodes[process.name]?.engine.step([input], at: clock.moment) ?? [] {
            agenda.add(.perform(process, effect), at: soon)
        }
    }

    func later(_ input: EngineInput, to process: Process) {
        agenda.add(.hear(process, input), at: soon)
    }

    private var soon: Duration { time.steady + .microseconds(Int.random(in: 0...3000, using: &generator)) }

    /// Tells the other nodes; now and then, nobody hears it.
    func tell(_ input: EngineInput, from process: Process) {
        let others = nodes.values.map(\.process).filter { $0 != process }.sorted { $0.number < $1.number }
        for other in others {
            if Int.random(in: 0..<3, using: &generator) > 0 { later(input, to: other) }
        }
    }

    func expect(_ condition: Bool, _ violation: @autoclosure () -> String) {
        if !condition { violations.append("at \(time.steady): \(violation())") }
    }
}
