/// A limit as a service publishes it, judged by the times at which its requests arrive. It knows nothing of the pace that
/// the kinds declare.
enum PublishedLimit: Sendable {
    /// At most so many in any period of this length.
    case window(Int, Duration)
    /// So many at once, and one more each interval after that.
    case bucket(Int, every: Duration)
}

/// Counts the requests of one account.
struct LimitCounter {
    private let limit: PublishedLimit
    private var times: [Duration] = []
    /// When the bucket is full again.
    private var fullAt = Duration.zero

    init(_ limit: PublishedLimit) {
        self.limit = limit
    }

    func takesOne(at now: Duration) -> Bool {
        switch limit {
        // Only the request that many places back matters.
        case .window(let count, let period): times.count < count || now - times[times.count - count] >= period
        case .bucket(let size, let interval): fullAt - now <= interval * (size - 1)
        }
    }

    mutating func took(at now: Duration) {
        times.append(now)
        if case .bucket(_, let interval) = limit { fullAt = max(fullAt, now) + interval }
    }
}
