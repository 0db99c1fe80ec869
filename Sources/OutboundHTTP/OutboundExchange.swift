import NIOCore
import Notifications

/// One request: URL, look-up, connection, answer, all before one deadline.
struct OutboundExchange {
    let policy: EgressPolicy
    let resolver: Resolver
    let pool: ConnectionPool
    let connector: Connector
    let urls: ParsedURLs
    /// Who is charged for the look-up.
    let payer: OrganizationID?
    let deadline: NIODeadline
    let started = NIODeadline.now()
    private var timings = Timings()
    private var dialled: IPAddress?

    /// How many of a name's addresses are tried.
    private static let addressLimit = 4

    init(
        policy: EgressPolicy, resolver: Resolver, pool: ConnectionPool, connector: Connector, urls: ParsedURLs,
        payer: OrganizationID?, deadline: NIODeadline
    ) {
        self.policy = policy
        self.resolver = resolver
        self.pool = pool
        self.connector = connector
        self.urls = urls
        self.payer = payer
        self.deadline = deadline
    }

    mutating func run(_ request: HTTPMessage) async -> Exchange {
        let result: ExchangeResult
        do {
            result = .answered(try await answer(to: request))
        } catch {
            result = .failed(error)
        }
        timings.total = Duration(since: started)
        return Exchange(result: result, address: dialled?.description, timings: timings)
    }

    private mutating func answer(to request: HTTPMessage) async throws(TransportFailure) -> Answer {
        let url = try checkedURL(request.url)
        let wire = try WireRequest(request, url: url)
        let targets = try await targets(of: url, request.tls)
        if let kept = pool.take(targets) {
            dialled = kept.target.address
            do throws(ExchangeFailure) {
                return try await exchange(wire, over: kept)
            } catch {
                // Only retried if nothing of the request was written: the receiver may have read whatever was.
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
            url = try urls.url(text)
        } catch {
            throw .refused(error.message)
        }
        if let refusal = policy.refusal(of: url) { throw TransportFailure(refusal) }
        return url
    }

    /// The checked addresses of a URL. Nothing else in this module creates a target.
    private mutating func targets(
        of url: OutboundURL, _ tls: TLSSettings?
    ) async throws(TransportFailure) -> [DialTarget] {
        let addresses: [IPAddress]
        if let address = url.address {
            addresses = [address]
        } else {
            let asked = NIODeadline.now()
            defer { timings.resolve = Duration(since: asked) }
            addresses = try await resolver.addresses(of: url.host, for: payer, by: deadline)
        }
        if let refusal = policy.refusal(of: addresses, for: url) { throw TransportFailure(refusal) }
        return addresses.prefix(Self.addressLimit).map { DialTarget(url, at: $0, tls: tls) }
    }

    /// Tries the addresses in order; each gets an equal share of the remaining time. A failure that says something
    /// about the receiver takes precedence over one of this machine.
    private mutating func connection(to targets: [DialTarget]) async throws(TransportFailure) -> Connection {
        var failure: TransportFailure?
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
                if failure?.isLocal ?? true { failure = error }
            }
        }
        throw failure ?? .disconnected
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

extension TransportFailure {
    /// A refusal that a setting could lift is a local fault, for which deliveries wait.
    init(_ refusal: EgressRefusal) {
        self = refusal.isForEver ? .refused(refusal.sentence) : .local(.settings, refusal.sentence)
    }

    fileprivate var isLocal: Bool {
        if case .local = self { true } else { false }
    }
}
