/// How many more events an organization may post now: a token bucket that refills at a steady rate up to the burst. The
/// cost of an event is its deliveries, so one that goes to many channels counts as several.
struct EventRate {
    private static let deliveriesAnEvent = 10.0
    private static let bytesAnEvent = 4096

    /// One for an event with up to ten deliveries; above that, one for every ten.
    static func cost(deliveries: Int) -> Double { max(1, Double(deliveries) / deliveriesAnEvent) }

    /// How many more events a body counts as than it has; 0 for one of at most 4 KiB for each of them.
    static func surplus(bytes: Int, events: Int) -> Int { max(0, bytes / bytesAnEvent - events) }

    /// Negative for an organization that has taken more than there was.
    private var level: Double
    private var at: ContinuousClock.Instant
    /// How many deliveries the organization's last event had, which is the estimate for the next one.
    private(set) var deliveries = 0

    /// How many events with few deliveries there was room for when something was taken last.
    var left: Int { Int(max(0, level)) }

    init(_ limits: AdmissionLimits, at now: ContinuousClock.Instant) {
        level = limits.burst
        at = now
    }

    /// Takes all of the events or none. Returns how long to wait if it took none, and nil if it took them.
    ///
    /// A batch that costs more than the bucket holds is taken once the bucket lacks no more than the cost of its
    /// first event, which is charged on admission. The bucket owes the rest.
    mutating func take(_ events: Int, _ limits: AdmissionLimits, at now: ContinuousClock.Instant) -> Duration? {
        guard events > 0 else { return nil }
        fill(limits, at: now)
        let each = Self.cost(deliveries: deliveries)
        let needed = min(Double(events) * each, limits.burst - each)
        guard level >= needed else { return .seconds((needed - level) / limits.eventsPerSecond) }
        level -= Double(events) * each
        return nil
    }

    /// Corrects the expected cost to the actual one.
    mutating func settle(_ bill: EventBill) {
        level += bill.taken - bill.cost
        deliveries = bill.stored.last ?? deliveries
    }

    /// Charges events that cannot be refused any more.
    mutating func charge(_ events: Int) { level -= Double(events) }

    /// Whether the bucket is full, and can be forgotten.
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
