/// A rate limit: deliveries per minute, of which a few may be sent at once.
package struct SendingRate: Equatable, Sendable {
    package let perMinute: Int
    /// How many may be sent at once after a pause.
    package let burst: Int

    package init(perMinute: Int, burst: Int = 1) {
        self.perMinute = max(1, perMinute)
        self.burst = max(1, burst)
    }

    /// The average time between two deliveries.
    package var interval: Duration { .microseconds(60_000_000 / Int64(perMinute)) }
}

extension Channel {
    /// The channel's own rate, or what its kind's service publishes; nil for no limit.
    package var rate: SendingRate? {
        if let maxPerMinute { return SendingRate(perMinute: maxPerMinute, burst: min(4, maxPerMinute / 15)) }
        return knownKind?.rate
    }
}
