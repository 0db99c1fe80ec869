/// How many requests may wait for the writer so that none waits long: fewer when it turns out slow, more when it is
/// quick. What a machine can take is found out, not configured.
struct WriterRoom {
    /// A write that took longer has waited behind too many.
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

    /// A write was on disk after so long, while so many requests were being handled.
    mutating func took(_ duration: Duration, among requests: Int, at now: ContinuousClock.Instant) {
        if duration > Self.longest {
            // Once for all that waited in the same queue.
            if let lastCut, now < lastCut + Self.longest { return }
            size = min(most, max(Self.least, size * Self.shrinking))
            lastCut = now
        } else if Double(requests) > size / 4 {
            // Nobody knows whether more would do as long as there are only few.
            size = min(most, size + Self.growing)
        }
    }
}
