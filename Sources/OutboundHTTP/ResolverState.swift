import NIOCore
import Notifications

/// What the resolver knows and what is under way in it.
struct ResolverState {
    /// A question that somebody waits for.
    struct Flight {
        let promise: EventLoopPromise<[IPAddress]>
        /// The last deadline of those who wait.
        var lastDeadline: NIODeadline
        /// At whose expense it stands in line.
        var payers: Set<OrganizationID?>
        /// When a thread began to ask; nil while it stands in line.
        var askedAt: NIODeadline?
        /// It has taken so long that those who waited have had their answer.
        var isOverdue = false
    }

    enum Joined {
        case new, refused
        case shared(EventLoopFuture<[IPAddress]>)
    }

    /// A question for a thread, and those that nobody waits for any more.
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

    /// Whether most of the time that somebody waited for a name went by in line, and not in asking for it.
    func waitedInLine(for name: String, from start: NIODeadline, to end: NIODeadline) -> Bool {
        guard let flight = flights[name] else { return false }
        return flight.askedAt.map { $0 - start > end - $0 } ?? true
    }

    /// Whoever joins a question that waits stands in line for it too: it must not wait in somebody else's long line.
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

    /// Nil when there is no thread for any. A question that stood in line for so long that nobody waits for it any more
    /// is not asked, nor one that was asked at somebody else's turn.
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

    /// A look-up has taken too long; who waits for it.
    mutating func overdue(_ name: String) -> EventLoopPromise<[IPAddress]>? {
        guard flights[name]?.isOverdue == false else { return nil }
        flights[name]?.isOverdue = true
        return flights[name]?.promise
    }

    /// A thread is done with a question; who still waits for it. `answer` is nil when there was none.
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

    /// Whom to blame for a name that gave no answer.
    mutating func judge(_ name: String, since start: NIODeadline) -> NameServerWatch.Judgement {
        watch.failed(name, isKnown: kept.isKnown(name))
        return watch.judgement(since: start)
    }
}
