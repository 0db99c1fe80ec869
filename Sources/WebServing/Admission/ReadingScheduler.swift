import Notifications

/// Which organization's read is worked on next, as a value: they take turns, each has one piece of work under way, and
/// one whose reads have worked for long rests (`ReadingShare`).
struct ReadingScheduler<Piece> {
    typealias Instant = ContinuousClock.Instant

    /// Whose reads share a part: an organization's, or the operator's.
    typealias Reader = OrganizationID?

    /// What is to be done now.
    struct Steps {
        var begun: [(reader: Reader, piece: Piece)] = []
        /// Who is to be woken, and when.
        var resting: [(reader: Reader, time: Duration)] = []
    }

    private struct Line {
        var waiting: [Piece] = []
        var share: ReadingShare
        var isRunning = false
        /// It stands in the ring, or rests.
        var isQueued = false
    }

    private static var fewest: Int { 1_000 }

    private let atOnce: Int
    private var lines: [Reader: Line] = [:]
    private var ring: [Reader] = []
    private var running = 0
    private var mostLines = Self.fewest

    init(atOnce: Int) {
        self.atOnce = atOnce
    }

    /// How many readers are remembered.
    var size: Int { lines.count }

    mutating func add(_ piece: Piece, of reader: Reader, at now: Instant) {
        if lines[reader] == nil { makeRoom(at: now) }
        lines[reader, default: Line(share: ReadingShare(at: now))].waiting.append(piece)
        join(reader)
    }

    /// Whatever may begin now.
    mutating func steps(at now: Instant) -> Steps {
        var steps = Steps()
        while running < atOnce, !ring.isEmpty {
            let reader = ring.removeFirst()
            if let pause = lines[reader]?.share.pause(at: now) {
                steps.resting.append((reader, pause))
            } else if let piece = begin(reader) {
                steps.begun.append((reader, piece))
            }
        }
        return steps
    }

    /// The pause is over.
    mutating func wake(_ reader: Reader) {
        lines[reader]?.isQueued = false
        join(reader)
    }

    /// A piece is done.
    mutating func end(of reader: Reader, after work: Duration, at now: Instant) {
        running -= 1
        lines[reader]?.isRunning = false
        note(work, of: reader, at: now)
        join(reader)
    }

    /// Somebody else has worked for the reader: the database.
    mutating func note(_ work: Duration, of reader: Reader, at now: Instant) {
        lines[reader]?.share.worked(work, at: now)
    }

    private mutating func begin(_ reader: Reader) -> Piece? {
        guard var line = lines[reader] else { return nil }
        line.isQueued = false
        line.isRunning = true
        let piece = line.waiting.removeFirst()
        lines[reader] = line
        running += 1
        return piece
    }

    private mutating func join(_ reader: Reader) {
        guard let line = lines[reader], !line.isRunning, !line.isQueued, !line.waiting.isEmpty else { return }
        lines[reader]?.isQueued = true
        ring.append(reader)
    }

    /// Forgets who has nothing to do and owes nothing.
    private mutating func makeRoom(at now: Instant) {
        guard lines.count >= mostLines else { return }
        lines = lines.filter { $0.value.isRunning || !$0.value.waiting.isEmpty || !$0.value.share.isFresh(at: now) }
        mostLines = max(Self.fewest, 2 * lines.count)
    }
}
