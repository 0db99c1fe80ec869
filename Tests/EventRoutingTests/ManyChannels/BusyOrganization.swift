import Notifications
import Repository
import TestSupport

@testable import EventRouting

/// An organization whose load tests notify many channels: the real engine's state and repository, messages made by the
/// real kinds, and services that judge their limits, all in simulated time.
final class BusyOrganization {
    enum Item {
        case perform(EngineEffect)
        case hear(EngineInput)
        case arrive(ClaimedDelivery, any OutboundMessage, startedAt: Timestamp)
        case tick(at: Duration)
        case post(EventContent)
    }

    let time = SimulatedTime()
    let services: LimitedServices
    let stores: Stores
    let database: any SQLDatabase
    let tenant: Tenant
    private let scheduler: Principal
    private let clock: ServiceClock
    private let limits = DeliveryLimits()
    private var agenda = Agenda<Item>()
    private var engine: EngineState
    private var tickAt: Duration?
    private var generator = SeededGenerator(seed: 20)
    private(set) var channels: [ChannelID: Channel] = [:]
    /// When the last answer of each channel came.
    private(set) var finishedAt: [ChannelID: Duration] = [:]
    /// Starts that were answered, and ends that came before them.
    private var started: Set<String> = []
    private(set) var outOfOrder: [String] = []
    /// Deliveries that were claimed along with their event.
    private(set) var claimedAtOnce = 0

    init(_ entries: [TwentyChannels.Entry], maxPerMinute: Int? = nil) async throws {
        services = LimitedServices(time)
        clock = time.clock()
        time.current = clock
        database = try await TestEngine.current.database()
        let address = try MailAddress("runbell@example.com").orThrow
        let sender = MailSender(address: address, publicURL: "https://runbell.example.com")
        stores = Stores(
            database: database, kinds: .standard(mail: sender), masterKey: MasterKey(), clock: clock)
        tenant = try await Tenant(in: stores.repository)
        scheduler = try await tenant.service().principal
        engine = EngineState(limits: limits, at: clock.moment)
        for (number, entry) in entries.enumerated() { try await add(entry, number, maxPerMinute) }
    }

    private func add(_ entry: TwentyChannels.Entry, _ number: Int, _ maxPerMinute: Int?) async throws {
        let channel = try await stores.repository.createChannel(in: tenant.organization, as: tenant.owner.principal) {
            () throws(InvalidInput) in
            ChannelDraft(
                kind: entry.kind, name: "\(entry.kind) \(number)",
                settings: ChannelSettings(entry.settings.object ?? JSONObject()), maxPerMinute: maxPerMinute)
        }
        for recipient in Email.recipients(channel.settings) {
            let path = try MailConsent(channel.settings).path(for: recipient).orThrow
            let code = String(path.split(separator: "/").last ?? "")
            _ = try await stores.authenticator.decideOnMail(
                true, by: code, address: recipient, at: channel.id, of: tenant.organization)
        }
        channels[channel.id] = channel
    }

    /// Ten load tests start each second; each ends some seconds later. Returns when nothing is left to send.
    func run(_ runs: Int) async throws {
        for run in 0..<Int64(runs) {
            let at = Duration.milliseconds(100 * run)
            agenda.add(.post(.testStarted(.busy(run, .running))), at: at)
            let end = at + .milliseconds(1000 + run * 617 % 7000)
            agenda.add(.post(.testFinished(.busy(run, .final(run)))), at: end)
        }
        hear(.began(try await stores.deliveries.begin(as: Node(id: Node.only))))
        while let (at, item) = agenda.next() {
            time.go(to: at)
            try await take(item)
        }
    }

    private func take(_ item: Item) async throws {
        switch item {
        case .perform(let effect): try await perform(effect)
        case .hear(let input): hear(input)
        case .arrive(let delivery, let message, let startedAt): await arrive(delivery, message, startedAt)
        case .tick(let at) where at == tickAt:
            tickAt = nil
            hear(.ticked)
        case .tick: break
        case .post(let content): try await post(content)
        }
    }

    /// As `EventRouter` does: what goes to receivers with room is claimed along with the event.
    private func post(_ content: EventContent) async throws {
        let room = engine.reserve(for: tenant.organization, at: clock.moment)
        let permit = room.map { room in
            ClaimPermit(channels: Set(room.turns.map(\.queue.channelID)), owner: "service", lease: limits.lease)
        }
        let acceptance = try await stores.repository.accept(
            content, idempotencyKey: nil, claiming: permit, as: scheduler)
        claimedAtOnce += acceptance.claimed.count
        later(.hear(.accepted([AcceptedEvent(reservation: room, acceptance: acceptance)])), 1...3)
    }

    private func hear(_ input: EngineInput) {
        for effect in engine.step([input], at: clock.moment) { later(.perform(effect), 0...1) }
        guard let wakesAt = engine.wakesAt else { return }
        let at = max(wakesAt, time.steady) + .milliseconds(Int.random(in: 1...250, using: &generator))
        if let tickAt, tickAt <= at { return }
        tickAt = at
        agenda.add(.tick(at: at), at: at)
    }

    private func later(_ item: Item, _ milliseconds: ClosedRange<Int>) {
        agenda.add(item, at: time.steady + .milliseconds(Int.random(in: milliseconds, using: &generator)))
    }
}

// MARK: The engine's effects

extension BusyOrganization {
    private func perform(_ effect: EngineEffect) async throws {
        switch effect {
        case .write(let work):
            let turns = work.turns.map { ClaimRequest(queue: $0.queue, limit: $0.limit) }
            let progress = try await stores.deliveries.progress(
                recording: work.results, claiming: turns, owner: "service", lease: limits.lease)
            later(.hear(.written(work, progress)), 1...5)
        case .send(let delivery): try send(delivery)
        case .sweep: later(.hear(.swept(Sweep())), 1...3)
        case .release, .followWallClock, .finish: break
        }
    }

    private func send(_ delivery: ClaimedDelivery) throws {
        let kind = try delivery.channel.knownKind.orThrow
        let message: any OutboundMessage = kind.message(
            for: notice(of: delivery, at: clock.now), settings: delivery.channel.settings)
        noteOrder(of: delivery)
        later(.arrive(delivery, message, startedAt: clock.now), 10...90)
    }

    private func notice(of delivery: ClaimedDelivery, at time: Timestamp) -> Notice {
        Notice(
            content: delivery.content, deliveryID: delivery.id, attempt: delivery.attempt, at: time,
            runLink: delivery.runLink)
    }

    private func arrive(_ delivery: ClaimedDelivery, _ message: any OutboundMessage, _ startedAt: Timestamp) async {
        guard let kind = delivery.channel.knownKind else { return }
        let exchange = await message.send(
            by: Transports(http: services, mail: services), for: tenant.organization, deadline: limits.deadline)
        let reading = kind.reading(
            of: exchange, on: message, for: notice(of: delivery, at: startedAt), settings: delivery.channel.settings)
        let answer = AttemptAnswer(startedAt: startedAt, exchange: exchange, reading: reading, secrets: .none)
        if case .testStarted(let run) = delivery.content { started.insert("\(delivery.queue.channelID) \(run.id)") }
        finishedAt[delivery.queue.channelID] = time.steady
        later(.hear(.answered(delivery, answer, jitter: 0.5)), 10...110)
    }

    private func noteOrder(of delivery: ClaimedDelivery) {
        guard case .testFinished(let run) = delivery.content,
            delivery.channel.knownKind?.declines(.testStarted(run)) == nil,
            !started.contains("\(delivery.queue.channelID) \(run.id)")
        else { return }
        outOfOrder.append("\(delivery.channel.name): run \(run.id) ended before it started")
    }
}

extension LoadTestRun {
    /// A run of one of fifty load tests, each on a commit of its own.
    fileprivate static func busy(_ id: Int64, _ status: TestStatus) -> LoadTestRun {
        var context = RunContext()
        let digits = String(id)
        context.commit = String(repeating: "c", count: 40 - digits.count) + digits
        context.repository = "acme/shop"
        return LoadTestRun(
            status: status, userID: UserID(1), name: "Checkout \(id)", organizationID: OrganizationID(1),
            loadTestID: LoadTestID(id % 50), id: LoadTestRunID(id), projectID: ProjectID(9), context: context)
    }
}

extension TestStatus {
    /// Every other run passes; the others end in each of the other ways.
    fileprivate static func final(_ run: Int64) -> TestStatus {
        let failures = TestStatus.allCases.filter { $0.isFinal && $0 != .finished }
        return run % 2 == 0 ? .finished : failures[Int(run / 2) % failures.count]
    }
}

extension Optional {
    struct IsNil: Error {}

    /// The value; throws if there is none.
    fileprivate var orThrow: Wrapped {
        get throws {
            guard let self else { throw IsNil() }
            return self
        }
    }
}
