/// How fast a channel may be sent to: so many deliveries a minute, of which a few may go at once.
package struct SendingRate: Equatable, Sendable {
    package let perMinute: Int
    /// How many may go at once after a rest.
    package let burst: Int

    package init(perMinute: Int, burst: Int = 1) {
        self.perMinute = max(1, perMinute)
        self.burst = max(1, burst)
    }

    /// The time that one delivery takes up.
    package var interval: Duration { .microseconds(60_000_000 / Int64(perMinute)) }
}

extension Channel {
    /// The channel's own rate, or else what its kind's service publishes; nil for as fast as it goes.
    package var rate: SendingRate? {
        if let maxPerMinute { return SendingRate(perMinute: maxPerMinute, burst: min(4, maxPerMinute / 15)) }
        return knownKind?.rate
    }
}
