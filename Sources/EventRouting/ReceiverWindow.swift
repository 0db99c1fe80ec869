/// How many deliveries one receiver may have in flight. A value without a clock: additive increase, multiplicative
/// decrease (RFC 5681). It doubles every round until the first sign of congestion and then grows by one per round.
/// Congestion is an answer that asks for less (429, 5xx), no answer, or answers that have become slow
/// (docs/decisions/0021-receiver-window.md).
struct ReceiverWindow: Equatable {
    /// What one attempt says about the receiver's load.
    enum Signal: Equatable {
        /// The receiver accepted the message, this long after it was sent.
        case taken(after: Duration)
        /// It asked for less, or failed.
        case busy
        /// No answer at all.
        case absent
    }

    /// The fastest of this many answers estimates the receiver's response time without queueing.
    private static let answersCompared = 256
    /// Above a multiple of the fastest answer plus this, a request has waited for others.
    private static let tolerance = (growth: Duration.milliseconds(100), shrinking: Duration.milliseconds(200))

    private var range: ClosedRange<Int>
    private var size: Double
    private var hasMetCongestion = false
    /// Attempts that began before the last decrease. They carry no new information.
    private var stale = 0
    private var quickest: Duration?
    private var quickestBefore: Duration?
    private var compared = 0

    init(_ range: ClosedRange<Int>) {
        self.range = range
        size = Double(range.lowerBound)
    }

    /// The most deliveries in flight.
    var limit: Int { Int(size) }

    /// From now on it stays within another range.
    mutating func fit(_ range: ClosedRange<Int>) {
        self.range = range
        resize(size)
    }

    /// - Parameter underWay: the deliveries in flight when the answer came, this one included. A window that is less
    ///   than half used says nothing about a larger one (RFC 7661).
    mutating func heard(_ signal: Signal, underWay: Int) {
        defer { stale = max(0, stale - 1) }
        switch signal {
        case .absent: shrink(to: 0, underWay)
        case .busy: if stale == 0 { shrink(to: size / 2, underWay) }
        case .taken(let time):
            note(time)
            guard stale == 0, let least else { return }
            if time > least * 8 + Self.tolerance.shrinking {
                hasMetCongestion = true
                resize(size - 1 / size)
            } else if 2 * underWay > limit, time <= least * 4 + Self.tolerance.growth {
                resize(size + (hasMetCongestion ? 1 / size : 1))
            }
        }
    }

    private var least: Duration? {
        guard let quickest else { return quickestBefore }
        return quickestBefore.map { min($0, quickest) } ?? quickest
    }

    private mutating func shrink(to wanted: Double, _ underWay: Int) {
        hasMetCongestion = true
        stale = underWay
        resize(wanted)
    }

    private mutating func resize(_ wanted: Double) {
        size = min(max(wanted, Double(range.lowerBound)), Double(range.upperBound))
    }

    /// The fastest recent answer, in two halves, because a receiver may move and become slower for good.
    private mutating func note(_ time: Duration) {
        quickest = quickest.map { min($0, time) } ?? time
        compared += 1
        guard compared == Self.answersCompared else { return }
        (quickestBefore, quickest, compared) = (quickest, nil, 0)
    }
}
