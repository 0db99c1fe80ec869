import NIOCore
import NIOPosix
import Notifications
import Synchronization

/// Finds the addresses of names, on a few threads of its own: `getaddrinfo` blocks and cannot be cancelled, so one
/// slow name must cost nobody but those who wait for it.
final class Resolver: Sendable {
    typealias Lookup = @Sendable (String) throws -> [IPAddress]

    private struct Kept {
        let addresses: [IPAddress]
        let until: NIODeadline
    }

    /// A question under way, with the last deadline of those who wait for its answer.
    private struct Flight {
        let answer: EventLoopFuture<[IPAddress]>
        var lastDeadline: NIODeadline
    }

    private struct State {
        var kept: [String: Kept] = [:]
        var flights: [String: Flight] = [:]
    }

    private static let keptLimit = 10_000

    private let lookup: Lookup
    private let lifetime: TimeAmount
    private let threads: NIOThreadPool
    private let group: any EventLoopGroup
    private let state = Mutex(State())

    init(limits: OutboundLimits, group: any EventLoopGroup, lookup: @escaping Lookup) {
        self.lookup = lookup
        self.lifetime = TimeAmount(limits.nameLifetime)
        self.threads = NIOThreadPool(numberOfThreads: limits.resolverThreads)
        self.group = group
        threads.start()
    }

    deinit {
        shutdown()
    }

    /// The addresses of a name, from memory or from the system. Failures are never remembered, and an old answer is
    /// never used in place of a failure.
    func addresses(of name: String, by deadline: NIODeadline) async throws(TransportFailure) -> [IPAddress] {
        if let kept = keptAddresses(of: name) { return kept }
        switch await flight(for: name, until: deadline).outcome(by: deadline) {
        case .success(let addresses) where addresses.isEmpty:
            throw .resolving("The host name has no address.")
        case .success(let addresses): return addresses
        case .failure(is DeadlineReached): throw .timedOut(.resolving)
        case .failure(is CancellationError): throw .disconnected
        case .failure(let failure as LookupFailure) where failure.isNameUnknown:
            throw .resolving("The host name does not exist, or has no address.")
        case .failure:
            throw .resolving("The host name could not be looked up: its name server did not answer.")
        }
    }

    /// Does not wait for names that are being asked for.
    func shutdown() {
        threads.shutdownGracefully { _ in }
    }

    private func keptAddresses(of name: String) -> [IPAddress]? {
        state.withLock { state in
            guard let kept = state.kept[name] else { return nil }
            if kept.until > .now() { return kept.addresses }
            state.kept[name] = nil
            return nil
        }
    }

    /// Whoever asks for the same name at the same time shares one question.
    private func flight(for name: String, until deadline: NIODeadline) -> EventLoopFuture<[IPAddress]> {
        let promise = group.next().makePromise(of: [IPAddress].self)
        let shared: EventLoopFuture<[IPAddress]>? = state.withLock { state in
            if var flight = state.flights[name] {
                flight.lastDeadline = max(flight.lastDeadline, deadline)
                state.flights[name] = flight
                return flight.answer
            }
            state.flights[name] = Flight(answer: promise.futureResult, lastDeadline: deadline)
            return nil
        }
        guard let shared else {
            threads.submit { self.ask(name, promise, isActive: $0 == .active) }
            return promise.futureResult
        }
        promise.completeWith(shared)
        return shared
    }

    private func ask(_ name: String, _ promise: EventLoopPromise<[IPAddress]>, isActive: Bool) {
        guard isActive, isAwaited(name) else { return land(name, promise, .failure(DeadlineReached())) }
        land(name, promise, Result { try lookup(name) })
    }

    /// A question that stood in line for so long that nobody waits for it any more is not asked.
    private func isAwaited(_ name: String) -> Bool {
        state.withLock { state in
            state.flights[name].map { $0.lastDeadline > .now() } ?? false
        }
    }

    private func land(
        _ name: String, _ promise: EventLoopPromise<[IPAddress]>, _ result: Result<[IPAddress], any Error>
    ) {
        state.withLock { state in
            state.flights[name] = nil
            guard case .success(let addresses) = result, !addresses.isEmpty, lifetime > .zero else { return }
            if state.kept.count >= Self.keptLimit { state.kept.removeAll() }
            state.kept[name] = Kept(addresses: addresses, until: .now() + lifetime)
        }
        promise.completeWith(result)
    }
}
