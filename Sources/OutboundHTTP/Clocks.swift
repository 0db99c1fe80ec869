import Foundation
import NIOCore
import Notifications

extension Timestamp {
    /// The wall clock.
    static var now: Timestamp {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
}

extension Duration {
    init(_ amount: TimeAmount) {
        self = .nanoseconds(amount.nanoseconds)
    }

    /// The time since a moment.
    init(since start: NIODeadline) {
        self.init(.now() - start)
    }
}

extension TimeAmount {
    /// At most 24 hours, so that a deadline computed from it can be added to the clock.
    init(_ duration: Duration) {
        let capped = min(max(duration, .zero), .seconds(86_400))
        self = .nanoseconds(
            capped.components.seconds * 1_000_000_000 + capped.components.attoseconds / 1_000_000_000)
    }
}
