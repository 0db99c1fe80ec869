import EventRouting
import Logging
import Notifications
import Repository
import Synchronization
import TestDatabases
import Testing

/// A service without its edges: one organization, its owner, a service key, and a clock that the test moves.
final class World: Sendable {
    let database: any SQLDatabase
    let stores: Stores
    var repository: Repository { stores.repository }
    let engine: DeliveryEngine
    let router: EventRouter
    let organization = OrganizationID(1)
    let owner: Principal
    let service: Principal
    private let clock: Clock
    private let time: ServiceClock

    /// It goes on by itself, and further when the test says so.
    private final class Clock: Sendable {
        private let start = ContinuousClock.now
        let skipped = Mutex(Duration.zero)
        var elapsed: Duration { skipped.withLock { $0 } + (ContinuousClock.now - start) }
    }

    init(
        transport: any HTTPTransport, kinds: ChannelCatalogue = .standard(), limits: DeliveryLimits = DeliveryLimits()
    ) async throws {
        let clock = Clock()
        self.clock = clock
        let start = Timestamp(seconds: 1_795_000_000)
        let time = ServiceClock(
            wall: { start + clock.elapsed }, steady: { clock.elapsed })
        self.time = time
        database = try await TestEngine.current.database()
        stores = Stores(database: database, kinds: kinds, masterKey: MasterKey(), clock: time)
        engine = DeliveryEngine(
            deliveries: stores.deliveries, transports: Transports(http: transport), limits: limits,
            logger: Logger(label: "test"), clock: time)
        router = EventRouter(repository: stores.repository, engine: engine)
        let repository = stores.repository
        _ = try await repository.saveOrganization(
            organization, name: "Test", owner: UserID(1), runLinkTemplate: nil, as: .operator)
        let user = try await repository.makeKey(
            name: "owner", holder: .user(UserID(1)), expiresAt: nil, in: organization, as: .operator)
        owner = .user(UserID(1), of: organization, key: user.description.id)
        let key = try await repository.makeKey(
            name: "ci", holder: .service([.writeEvents]), expiresAt: nil, in: organization, as: .operator)
        service = .service(of: organization, key: key.description.id)
    }

    /// Statements behind the repository's back.
    func execute(_ statements: String...) async throws {
        try await database.write { connection throws(RepositoryError) in
            for statement in statements { try connection.execute(statement, []) }
        }
    }

    var now: Timestamp { time.now }

    func advance(by duration: Duration) {
        clock.skipped.withLock { $0 += duration }
    }

    static func run(_ id: Int64 = 42) -> LoadTestRun {
        LoadTestRun(
            status: .running, userID: UserID(1), name: "Checkout", organizationID: OrganizationID(1),
            loadTestID: LoadTestID(7), id: LoadTestRunID(id), projectID: ProjectID(9))
    }

    static func draft(
        _ name: String, url: String = "https://hooks.example.com/secret-canary-4711",
        subscription: Subscription = .everything
    ) -> ChannelDraft {
        var settings = ChannelSettings()
        settings["url"] = .string(url)
        return ChannelDraft(kind: "webhook", name: name, settings: settings, subscription: subscription)
    }

    func channel(
        _ name: String, url: String = "https://hooks.example.com/secret-canary-4711",
        subscription: Subscription = .everything
    ) async throws -> Channel {
        try await repository.createChannel(in: organization, as: owner) { () throws(InvalidInput) in
            Self.draft(name, url: url, subscription: subscription)
        }
    }

    func outcomes(of event: EventID) async throws -> [ChannelOutcome] {
        try await repository.event(event, of: organization, as: owner).outcomes
    }

    /// Waits for something outside the database; fails after a minute.
    func waitUntil(_ condition: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while !condition() {
            guard ContinuousClock.now < end else {
                Issue.record("it did not come to what was waited for")
                return
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Waits until nothing is due or under way; fails after a minute.
    func waitForAll() async throws {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let open = try await [DeliveryState.due, .claimed].asyncCount { state in
                try await repository.deliveries(
                    of: organization, filter: DeliveryFilter(state: state), page: PageRequest(), as: owner
                ).items.count
            }
            if open == 0 { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("deliveries are left")
    }

    /// Waits until every outcome of an event satisfies the condition; fails after a minute.
    func wait(for event: EventID, until condition: (ChannelOutcome) -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if try await outcomes(of: event).allSatisfy(condition) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the event did not come to what was waited for")
    }
}

extension [DeliveryState] {
    fileprivate func asyncCount(_ count: (DeliveryState) async throws -> Int) async throws -> Int {
        var sum = 0
        for state in self { sum += try await count(state) }
        return sum
    }
}
