import NIOCore
import Notifications

/// One request on its way: address, name, connection, answer, all before one deadline.
struct Errand {
    let policy: EgressPolicy
    let resolver: Resolver
    let pool: ConnectionPool
    let connector: Connector
    let deadline: NIODeadline
    let started = NIODeadline.now()
    private var timings = Timings()
    private var dialled: IPAddress?

    /// How many of a name's addresses are tried, one after the other.
    private static let addressLimit = 4

    init(
        policy: EgressPolicy, resolver: Resolver, pool: ConnectionPool, connector: Connector, deadline: NIODeadline
    ) {
        self.policy = policy
        self.resolver = resolver
        self.pool = pool
        self.connector = connector
        self.deadline = deadline
    }

    mutating func run(_ request: OutgoingRequest) async -> Exchange {
        let result: ExchangeResult
        do {
            result = .answered(try await answer(to: request))
        } catch {
            result = .failed(error)
        }
        timings.total = Duration(since: started)
        return Exchange(result: result, address: dialled?.description, timings: timings)
    }

    private mutating func answer(to request: OutgoingRequest) async throws(TransportFailure) -> Answer {
        let url = try checkedURL(request.url)
        let wire = try WireRequest(request, url: url)
        let targets = try await targets(of: url)
        if let kept = pool.take(targets) {
            dialled = kept.target.address
            do throws(ExchangeFailure) {
                return try await exchange(wire, over: kept)
            } catch {
                // Once, and only when nobody can have read the request.
                if case .failed(let failure) = error { throw failure }
            }
        }
        let connection = try await connection(to: targets)
        do throws(ExchangeFailure) {
            return try await exchange(wire, over: connection)
        } catch {
            if case .failed(let failure) = error { throw failure }
            throw .disconnected
        }
    }

    private func checkedURL(_ text: String) throws(TransportFailure) -> OutboundURL {
        let url: OutboundURL
        do {
            url = try OutboundURL(parsing: text)
        } catch {
            throw .refused(error.message)
        }
        if let mistake = policy.mistake(in: url) { throw .refused(mistake) }
        return url
    }

    /// The checked addresses behind a URL. Nothing else in this module makes a target.
    private mutating func targets(of url: OutboundURL) async throws(TransportFailure) -> [DialTarget] {
        let addresses: [IPAddress]
        if let address = url.address {
            addresses = [address]
        } else {
            let asked = NIODeadline.now()
            defer { timings.resolve = Duration(since: asked) }
            addresses = try await resolver.addresses(of: url.host, by: deadline)
        }
        if let refusal = policy.refusal(of: addresses, for: url) { throw .refused(refusal) }
        return addresses.prefix(Self.addressLimit).map { DialTarget(url, at: $0) }
    }

    /// Tries one address after the other; each gets an equal share of the time that is left.
    private mutating func connection(to targets: [DialTarget]) async throws(TransportFailure) -> Connection {
        var failure = TransportFailure.disconnected
        for (index, target) in targets.enumerated() {
            guard !Task.isCancelled else { throw .disconnected }
            dialled = target.address
            let now = NIODeadline.now()
            guard now < deadline else { throw .timedOut(.connecting) }
            let share = (deadline - now).nanoseconds / Int64(targets.count - index)
            do throws(TransportFailure) {
                let made = try await connector.connect(to: target, by: now + .nanoseconds(share))
                timings.connect = made.connect
                timings.tls = made.tls
                made.connection.whenClosed { [pool, connection = made.connection] in pool.remove(connection) }
                return made.connection
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private mutating func exchange(
        _ request: WireRequest, over connection: Connection
    ) async throws(ExchangeFailure) -> Answer {
        let reply = try await connection.exchange(request, by: deadline).get()
        timings.head = reply.head
        if reply.isReusable { pool.put(connection) }
        return reply.answer
    }
}
