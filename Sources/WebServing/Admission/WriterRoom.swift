/// How many requests may wait for the writer without waiting long: fewer when it turns out slow, more when it is fast.
/// The machine's capacity is measured, not configured.
struct WriterRoom {
    /// A write that took longer has waited behind too many others.
    private static let longest = Duration.milliseconds(150)
    private static let least = 16.0
    private static let first = 128.0
    private static let shrinking = 0.7
    private static let growing = 0.25

    private let most: Double
    private var size: Double
    private var lastCut: ContinuousClock.Instant?

    init(most: Int) {
        self.most = Double(most)
        size = min(Self.first, self.most)
    }

    var requests: Int { Int(size) }

    /// A write reached the disk after this long, with this many requests in progress.
    mutating func took(_ duration: Duration, among requests: Int, at now: ContinuousClock.Instant) {
        if duration > Self.longest {
            // Only once for all that waited in the same queue.
            if let lastCut, now < lastCut + Self.longest { return }
            size = min(most, max(Self.least, size * Self.shrinking))
            lastCut = now
        } else if Double(requests) > size / 4 {
            // With only a few requests, it is unknown whether more would be fine.
            size = min(most, size + Self.growing)
        }
    }
}
