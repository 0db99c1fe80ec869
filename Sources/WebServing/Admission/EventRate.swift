/// How many more events an organization may post now: a bucket that fills at a steady rate up to the burst. What an event
/// costs the service is its deliveries, so one that goes to many channels counts as several.
struct EventRate {
    private static let deliveriesAnEvent = 10.0

    /// One for an event with up to ten deliveries; of more, each ten are one.
    static func cost(deliveries: Int) -> Double { max(1, Double(deliveries) / deliveriesAnEvent) }

    /// Below zero for somebody who has taken more than there was.
    private var level: Double
    private var at: ContinuousClock.Instant
    /// How many deliveries the organization's last event had, which the next one is taken to have.
    private(set) var deliveries = 0

    init(_ limits: AdmissionLimits, at now: ContinuousClock.Instant) {
        level = limits.burst
        at = now
    }

    /// Takes all of the events or none. How long the sender has to wait for none; nil when they were taken.
    ///
    /// A batch that costs more than there can ever be is taken from what is left of a full bucket when its first event
    /// has been, and the bucket owes the rest.
    mutating func take(_ events: Int, _ limits: AdmissionLimits, at now: ContinuousClock.Instant) -> Duration? {
        guard events > 0 else { return nil }
        fill(limits, at: now)
        let each = Self.cost(deliveries: deliveries)
        let needed = min(Double(events) * each, limits.burst - each)
        guard level >= needed else { return .seconds((needed - level) / limits.eventsPerSecond) }
        level -= Double(events) * each
        return nil
    }

    /// Corrects what was taken by what the events turned out to be.
    mutating func settle(_ bill: EventBill) {
        level += bill.taken - bill.cost
        deliveries = bill.stored.last ?? deliveries
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
