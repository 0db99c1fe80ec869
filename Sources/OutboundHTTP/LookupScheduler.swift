import NIOCore
import Notifications

/// Decides whose name is looked up next, without a clock or I/O. Organizations take turns; each may use only a share of
/// the threads, and some threads are reserved for names that have resolved before. So an organization with many names
/// that do not resolve only delays itself.
struct LookupScheduler {
    struct Question: Equatable, Sendable {
        let name: String
        /// Nil is the installation itself.
        let payer: OrganizationID?
        /// Whether the name has resolved before.
        let isKnown: Bool
    }

    private struct Line {
        var known = CircularBuffer<Question>()
        var strangers = CircularBuffer<Question>()
        var running = 0

        var count: Int { known.count + strangers.count }
    }

    private let threads: Int
    private let perPayer: Int
    private let forStrangers: Int
    private let lineLimit: Int
    private var lines: [OrganizationID?: Line] = [:]
    /// The payers with questions waiting, each once.
    private var ring = CircularBuffer<OrganizationID?>()
    private var running = 0
    private var runningStrangers = 0

    init(limits: OutboundLimits) {
        threads = limits.resolverThreads
        perPayer = max(1, limits.resolverThreads / 4)
        forStrangers = limits.resolverThreads - limits.resolverThreads / 4
        lineLimit = limits.waitingNames
    }

    /// How many payers are in memory.
    var size: Int { lines.count }

    /// False if too many questions of the payer are waiting.
    mutating func add(_ question: Question) -> Bool {
        var line = lines[question.payer] ?? Line()
        guard line.count < lineLimit else { return false }
        if line.count == 0 { ring.append(question.payer) }
        if question.isKnown { line.known.append(question) } else { line.strangers.append(question) }
        lines[question.payer] = line
        return true
    }

    /// The next question to ask; call `finished` for it afterwards. Nil if none may be asked now.
    mutating func next() -> Question? {
        guard running < threads else { return nil }
        for _ in 0..<ring.count {
            let payer = ring.removeFirst()
            let question = take(from: payer)
            if let line = lines[payer], line.count > 0 { ring.append(payer) }
            if let question { return question }
        }
        return nil
    }

    mutating func finished(_ question: Question) {
        running -= 1
        if !question.isKnown { runningStrangers -= 1 }
        lines[question.payer]?.running -= 1
        if let line = lines[question.payer], line.running == 0, line.count == 0 { lines[question.payer] = nil }
    }

    private mutating func take(from payer: OrganizationID?) -> Question? {
        guard var line = lines[payer], line.running < perPayer else { return nil }
        var question = line.known.popFirst()
        if question == nil, runningStrangers < forStrangers { question = line.strangers.popFirst() }
        guard let question else { return nil }
        line.running += 1
        lines[payer] = line
        running += 1
        if !question.isKnown { runningStrangers += 1 }
        return question
    }
}
