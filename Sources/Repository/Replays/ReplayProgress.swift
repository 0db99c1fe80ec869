import Notifications

/// What a piece of a replay came to.
package struct ReplayProgress: Sendable {
    /// The channel that has more due now.
    package let queue: ChannelQueue
    package let requeued: Int
    /// Events that cannot be read, and were passed over.
    package let setAside: Int
}
