import Notifications

/// The result of one piece of a replay.
package struct ReplayProgress: Sendable {
    /// The channel that now has more due.
    package let queue: ChannelQueue
    package let requeued: Int
    /// Unreadable events that were skipped.
    package let setAside: Int
}
