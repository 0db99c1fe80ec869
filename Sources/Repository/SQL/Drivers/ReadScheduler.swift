/// Decides which reads may run, as a pure value. Each organization's long reads have their own line. The line with the
/// fewest running reads goes next; ties take turns. So no organization can take all readers, and the last ones are
/// reserved for short reads.
struct ReadScheduler {
    typealias Ticket = Int

    /// Whether reads may begin. The write-ahead log can be restarted only when none is running.
    enum Door {
        case open
        /// Short reads only, until the running long reads have ended.
        case closing
        case closed
    }

    private struct Line {
        var waiting: [Ticket] = []
        var running = 0
    }

    private let limits: ReadLimits
    private var lines: [DatabaseRead: Line] = [:]
    /// Lines with waiting reads, except the short ones', in order of their turn.
    private var order: [DatabaseRead] = []
    private var reads: [Ticket: DatabaseRead] = [:]
    private var running: Set<Ticket> = []
    private var longRunning = 0
    private var tickets = 0
    private(set) var door = Door.open

    init(_ limits: ReadLimits) {
        self.limits = limits
    }

    /// No read is running, and none may begin.
    var isQuiet: Bool { door == .closed && running.isEmpty }

    func isRunning(_ ticket: Ticket) -> Bool { running.contains(ticket) }
    func isKnown(_ ticket: Ticket) -> Bool { reads[ticket] != nil }

    /// Nil if too many reads of that organization already wait.
    mutating func arrive(_ read: DatabaseRead) -> Ticket? {
        var line = lines[read] ?? Line()
        if case .long = read, line.waiting.count >= limits.waiting { return nil }
        tickets += 1
        if line.waiting.isEmpty, read != .short { order.append(read) }
        line.waiting.append(tickets)
        lines[read] = line
        reads[tickets] = read
        return tickets
    }

    /// Starts every read that may run now.
    mutating func begin() -> [Ticket] {
        var begun: [Ticket] = []
        while running.count < limits.readers, let read = nextLine(), var line = lines[read] {
            let ticket = line.waiting.removeFirst()
            line.running += 1
            lines[read] = line
            running.insert(ticket)
            begun.append(ticket)
            if read != .short { takeTurn(read, hasMore: !line.waiting.isEmpty) }
        }
        return begun
    }

    /// The read has ended or no longer waits.
    mutating func leave(_ ticket: Ticket) {
        guard let read = reads.removeValue(forKey: ticket), var line = lines[read] else { return }
        if running.remove(ticket) != nil {
            line.running -= 1
            if read != .short { longRunning -= 1 }
        } else {
            line.waiting.removeAll { $0 == ticket }
            if line.waiting.isEmpty { order.removeAll { $0 == read } }
        }
        lines[read] = line.running == 0 && line.waiting.isEmpty ? nil : line
        if door == .closing, longRunning == 0 { door = .closed }
    }

    /// Stops long reads from beginning, and all reads once no long one is running.
    mutating func close() {
        guard door == .open else { return }
        door = longRunning == 0 ? .closed : .closing
    }

    mutating func open() {
        door = .open
    }

    private func nextLine() -> DatabaseRead? {
        if door == .closed { return nil }
        if lines[.short]?.waiting.isEmpty == false { return .short }
        guard door == .open, longRunning < limits.readers - limits.kept else { return nil }
        return order.filter { running($0) < limits.room(of: $0) }.min { running($0) < running($1) }
    }

    private func running(_ read: DatabaseRead) -> Int { lines[read]?.running ?? 0 }

    private mutating func takeTurn(_ read: DatabaseRead, hasMore: Bool) {
        longRunning += 1
        order.removeAll { $0 == read }
        if hasMore { order.append(read) }
    }
}
