/// How many more events an organization may post now: a bucket that fills at a steady rate up to the burst.
struct EventRate {
    private var level: Double
    private var at: ContinuousClock.Instant

    init(_ limits: AdmissionLimits, at now: ContinuousClock.Instant) {
        level = limits.burst
        at = now
    }

    /// Takes all of the events or none. How long the sender has to wait for none; nil when they were taken.
    mutating func take(_ events: Int, _ limits: AdmissionLimits, at now: ContinuousClock.Instant) -> Duration? {
        fill(limits, at: now)
        guard level >= Double(events) else {
            return .seconds((Double(events) - level) / limits.eventsPerSecond)
        }
        level -= Double(events)
        return nil
    }

    /// Whether the bucket is as a new one would be, and need not be remembered.
    func isFull(_ limits: AdmissionLimits, at now: ContinuousClock.Instant) -> Bool {
        var later = self
        later.fill(limits, at: now)
        return later.level >= limits.burst
    }

    private mutating func fill(_ limits: AdmissionLimits, at now: ContinuousClock.Instant) {
        level = min(limits.burst, level + (now - at) / .seconds(1) * limits.eventsPerSecond)
        at = max(at, now)
    }
}
