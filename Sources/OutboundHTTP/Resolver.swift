import NIOCore
import NIOPosix
import Notifications
import Synchronization

/// Looks up names on a few threads of its own: `getaddrinfo` blocks and cannot be cancelled, so a slow name must only
/// delay those who wait for it.
final class Resolver: Sendable {
    typealias Lookup = @Sendable (String) throws -> [IPAddress]

    private let lookup: Lookup
    private let lookupTime: TimeAmount
    private let threads: NIOThreadPool
    private let group: any EventLoopGroup
    private let control: ControlQuestion
    private let state: Mutex<ResolverState>

    init(limits: OutboundLimits, group: any EventLoopGroup, lookup: @escaping Lookup) {
        self.lookup = lookup
        self.lookupTime = TimeAmount(limits.lookupTime)
        self.threads = NIOThreadPool(numberOfThreads: limits.resolverThreads)
        self.group = group
        control = ControlQuestion(limits: limits, group: group, lookup: lookup)
        state = Mutex(ResolverState(limits: limits))
        threads.start()
    }

    deinit {
        shutdown()
    }

    /// A name's addresses, from the cache or the system. The look-up is charged to `payer`.
    func addresses(
        of name: String, for payer: OrganizationID?, by deadline: NIODeadline
    ) async throws(TransportFailure) -> [IPAddress] {
        let start = NIODeadline.now()
        let kept = state.withLock { $0.kept.outcome(of: name, at: start) }
        let outcome: KeptNames.Outcome
        if let kept {
            outcome = kept
        } else {
            outcome = await flight(for: name, payer, until: deadline).outcome(by: deadline)
        }
        switch outcome {
        case .success(let addresses) where addresses.isEmpty: throw .resolving("The host name has no address.")
        case .success(let addresses): return addresses
        case .failure(is DeadlineReached):
            let isOurs = state.withLock { $0.waitedInLine(for: name, from: start, to: deadline) }
            throw isOurs ? Self.failure(of: .tooMany) : .timedOut(.resolving)
        case .failure(is CancellationError): throw .disconnected
        case .failure(is NameUnknown): throw .resolving("The host name does not exist, or has no address.")
        case .failure(let error): throw Self.failure(of: error as? LookupFailure ?? .noAnswer)
        }
    }

    /// Does not wait for look-ups in progress.
    func shutdown() {
        threads.shutdownGracefully { _ in }
        control.shutdown()
    }

    private static func failure(of failure: LookupFailure) -> TransportFailure {
        switch failure {
        case .noAnswer: .resolving("Its name server did not answer.")
        case .nobodyAnswers: .local(.names, "The host name could not be looked up: no name server is answering.")
        case .notAsked: .local(.names, "The host name could not be looked up: this machine could not send the query.")
        case .tooMany:
            .local(.names, "The host name could not be looked up yet: too many other lookups are in progress.")
        }
    }

    /// Callers who ask for the same name at the same time share one look-up.
    private func flight(
        for name: String, _ payer: OrganizationID?, until deadline: NIODeadline
    ) -> EventLoopFuture<[IPAddress]> {
        let promise = group.next().makePromise(of: [IPAddress].self)
        switch state.withLock({ $0.join(name, for: payer, promise, until: deadline) }) {
        case .new: fill()
        case .shared(let answer):
            promise.completeWith(answer)
            fill()
        case .refused: promise.fail(LookupFailure.tooMany)
        }
        return promise.futureResult
    }

    /// Gives idle threads the next names.
    private func fill() {
        while let next = state.withLock({ $0.next(at: .now()) }) {
            for promise in next.abandoned { promise.fail(DeadlineReached()) }
            guard let question = next.question else { continue }
            threads.submit { self.ask(question, isActive: $0 == .active) }
        }
    }

    private func ask(_ question: LookupScheduler.Question, isActive: Bool) {
        let start = NIODeadline.now()
        guard isActive else { return land(question, since: start, .failure(DeadlineReached())) }
        let timer = group.next().scheduleTask(in: lookupTime) { self.fail(question.name, since: start) }
        let outcome = Result { try lookup(question.name) }
        timer.cancel()
        land(question, since: start, outcome)
    }

    /// A look-up returned, and its thread is idle again.
    private func land(_ question: LookupScheduler.Question, since start: NIODeadline, _ outcome: KeptNames.Outcome) {
        let isAnswer = outcome.isAnswer
        let promise = state.withLock { $0.landed(question, isAnswer ? outcome : nil, at: .now()) }
        if let promise {
            if isAnswer || outcome.isOfThisSide {
                promise.completeWith(outcome)
            } else {
                settle(question.name, promise, since: start)
            }
        }
        fill()
    }

    /// A look-up took too long: its callers get a failure, though its thread is still busy.
    private func fail(_ name: String, since start: NIODeadline) {
        guard let promise = state.withLock({ $0.overdue(name) }) else { return }
        settle(name, promise, since: start)
    }

    /// There was no answer: the name's fault, or our name server's.
    private func settle(_ name: String, _ promise: EventLoopPromise<[IPAddress]>, since start: NIODeadline) {
        let finish: @Sendable (Bool) -> Void = { isOurs in
            let failure = isOurs ? LookupFailure.nobodyAnswers : .noAnswer
            self.state.withLock { $0.kept.keep(.failure(failure), of: name, at: .now()) }
            promise.fail(failure)
        }
        switch state.withLock({ $0.judge(name, since: start) }) {
        case .name: finish(false)
        case .nameServer: finish(true)
        case .unclear: control.isAnswered().whenComplete { finish((try? $0.get()) != true) }
        }
    }
}

extension KeptNames.Outcome {
    /// Whether a name server said something about the name.
    fileprivate var isAnswer: Bool {
        switch self {
        case .success: true
        case .failure(let error): error is NameUnknown
        }
    }

    /// Whether the question was never sent.
    fileprivate var isOfThisSide: Bool {
        guard case .failure(let error) = self else { return false }
        if case .notAsked? = error as? LookupFailure { return true }
        return error is DeadlineReached
    }
}
