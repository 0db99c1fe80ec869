import NIOCore
import Notifications

/// The resolver's cache, and its look-ups in progress.
struct ResolverState {
    /// A look-up that callers wait for.
    struct Flight {
        let promise: EventLoopPromise<[IPAddress]>
        /// The latest deadline of its callers.
        var lastDeadline: NIODeadline
        /// In whose lines it waits.
        var payers: Set<OrganizationID?>
        /// When a thread started it; nil while it waits.
        var askedAt: NIODeadline?
        /// It took so long that its callers have had their answer.
        var isOverdue = false
    }

    enum Joined {
        case new, refused
        case shared(EventLoopFuture<[IPAddress]>)
    }

    /// A question for a thread, and look-ups whose callers have given up.
    struct Next {
        var question: LookupScheduler.Question?
        var abandoned: [EventLoopPromise<[IPAddress]>] = []
    }

    var kept: KeptNames
    private(set) var flights: [String: Flight] = [:]
    private var scheduler: LookupScheduler
    private var watch = NameServerWatch()

    init(limits: OutboundLimits) {
        kept = KeptNames(limits: limits)
        scheduler = LookupScheduler(limits: limits)
    }

    /// Whether most of a caller's waiting time was spent waiting for a thread, rather than for an answer.
    func waitedInLine(for name: String, from start: NIODeadline, to end: NIODeadline) -> Bool {
        guard let flight = flights[name] else { return false }
        return flight.askedAt.map { $0 - start > end - $0 } ?? true
    }

    /// A caller who joins a waiting look-up also puts it in their own line: it must not wait in somebody else's long
    /// one.
    mutating func join(
        _ name: String, for payer: OrganizationID?, _ promise: EventLoopPromise<[IPAddress]>,
        until deadline: NIODeadline
    ) -> Joined {
        let question = LookupScheduler.Question(name: name, payer: payer, isKnown: kept.isKnown(name))
        guard var flight = flights[name] else {
            guard scheduler.add(question) else { return .refused }
            flights[name] = Flight(promise: promise, lastDeadline: deadline, payers: [payer])
            return .new
        }
        if flight.askedAt == nil, !flight.payers.contains(payer), scheduler.add(question) {
            flight.payers.insert(payer)
        }
        flight.lastDeadline = max(flight.lastDeadline, deadline)
        flights[name] = flight
        return .shared(flight.promise.futureResult)
    }

    /// Nil if no thread may take a question. Questions whose callers have given up, or that another payer's turn has
    /// started, are skipped.
    mutating func next(at now: NIODeadline) -> Next? {
        guard let question = scheduler.next() else { return nil }
        guard let flight = flights[question.name], flight.askedAt == nil else {
            scheduler.finished(question)
            return Next()
        }
        guard flight.lastDeadline > now else {
            flights[question.name] = nil
            scheduler.finished(question)
            return Next(abandoned: [flight.promise])
        }
        flights[question.name]?.askedAt = now
        return Next(question: question)
    }

    /// Marks a look-up as overdue, and returns its callers' promise.
    mutating func overdue(_ name: String) -> EventLoopPromise<[IPAddress]>? {
        guard flights[name]?.isOverdue == false else { return nil }
        flights[name]?.isOverdue = true
        return flights[name]?.promise
    }

    /// A thread has finished a question. Returns the promise of those still waiting. `answer` is nil if there was none.
    mutating func landed(
        _ question: LookupScheduler.Question, _ answer: KeptNames.Outcome?, at now: NIODeadline
    ) -> EventLoopPromise<[IPAddress]>? {
        scheduler.finished(question)
        if let answer {
            kept.keep(answer, of: question.name, at: now)
            watch.answered(at: now)
        }
        let flight = flights.removeValue(forKey: question.name)
        return flight?.isOverdue == false ? flight?.promise : nil
    }

    /// Decides whether the name or our name server is at fault.
    mutating func judge(_ name: String, since start: NIODeadline) -> NameServerWatch.Judgment {
        watch.failed(name, isKnown: kept.isKnown(name))
        return watch.judgment(since: start)
    }
}
