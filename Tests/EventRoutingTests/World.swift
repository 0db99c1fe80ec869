import EventRouting
import Logging
import Notifications
import Repository
import TestSupport
import Testing

/// A service without its edges: a tenant, a service key, and a running clock that the test can move ahead.
final class World: Sendable {
    let database: any SQLDatabase
    let stores: Stores
    private let tenant: Tenant
    var organization: OrganizationID { tenant.organization }
    var owner: Principal { tenant.owner.principal }
    var repository: Repository { stores.repository }
    let engine: DeliveryEngine
    let router: EventRouter
    let service: Principal
    private let clock: TestClock
    private let time: ServiceClock

    init(
        transport: any HTTPTransport, kinds: ChannelCatalogue = .standard(), limits: DeliveryLimits = DeliveryLimits(),
        sharing troubles: Troubles? = nil
    ) async throws {
        clock = TestClock(isRunning: true)
        time = clock.serviceClock()
        let database = try await TestEngine.current.database()
        let time = time
        let shared = troubles.map { TroubledDatabase(database, $0, time) }
        self.database = shared ?? database
        stores = Stores(database: shared ?? database, kinds: kinds, masterKey: MasterKey(), clock: time)
        engine = DeliveryEngine(
            deliveries: stores.deliveries, transports: Transports(http: transport), limits: limits,
            logger: Logger(label: "test"), clock: time, link: shared)
        router = EventRouter(repository: stores.repository, engine: engine)
        tenant = try await Tenant(in: stores.repository)
        service = try await tenant.service().principal
    }

    var now: Timestamp { time.now }

    func advance(by duration: Duration) { clock.advance(by: duration) }

    func channel(
        _ name: String, url: String = ChannelDraft.webHookURL, subscription: Subscription = .everything
    ) async throws -> Channel {
        try await tenant.channel(name, url: url, subscription: subscription)
    }

    func outcomes(of event: EventID) async throws -> [ChannelOutcome] {
        try await repository.event(event, of: organization, as: owner).outcomes
    }

    /// Waits until nothing is due or in flight.
    func waitForAll() async throws {
        try await TestSupport.wait {
            try await [DeliveryState.due, .claimed].asyncCount { state in
                try await repository.deliveries(
                    of: organization, filter: DeliveryFilter(state: state), page: PageRequest(), as: owner
                ).items.count
            } == 0
        }
    }

    /// Waits until every outcome of an event satisfies the condition.
    func wait(for event: EventID, until condition: (ChannelOutcome) -> Bool) async throws {
        try await TestSupport.wait { try await outcomes(of: event).allSatisfy(condition) }
    }
}

extension [DeliveryState] {
    fileprivate func asyncCount(_ count: (DeliveryState) async throws -> Int) async throws -> Int {
        var sum = 0
        for state in self { sum += try await count(state) }
        return sum
    }
}
