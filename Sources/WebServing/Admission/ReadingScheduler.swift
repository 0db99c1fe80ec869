import Notifications

/// Decides which organization's read runs next, as a value: organizations take turns, each has one step in progress,
/// and one that has used up its share rests (`ReadingShare`).
struct ReadingScheduler<Piece> {
    typealias Instant = ContinuousClock.Instant

    /// Who shares a turn: an organization, or the operator.
    typealias Reader = OrganizationID?

    /// What to do now.
    struct Steps {
        var begun: [(reader: Reader, piece: Piece)] = []
        /// Whom to wake, and when.
        var resting: [(reader: Reader, time: Duration)] = []
    }

    private struct Line {
        var waiting: [Piece] = []
        var share: ReadingShare
        var isRunning = false
        /// Whether it is in the ring, or resting.
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

    /// Everything that may start now.
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

    /// The rest is over.
    mutating func wake(_ reader: Reader) {
        lines[reader]?.isQueued = false
        join(reader)
    }

    /// A step has finished.
    mutating func end(of reader: Reader, after work: Duration, at now: Instant) {
        running -= 1
        lines[reader]?.isRunning = false
        note(work, of: reader, at: now)
        join(reader)
    }

    /// Adds time that the database spent on behalf of the reader.
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

    /// Forgets readers that have no work and no debt.
    private mutating func makeRoom(at now: Instant) {
        guard lines.count >= mostLines else { return }
        lines = lines.filter { $0.value.isRunning || !$0.value.waiting.isEmpty || !$0.value.share.isFresh(at: now) }
        mostLines = max(Self.fewest, 2 * lines.count)
    }
}
