import Notifications

/// What is wrong with a channel, for the channel that is told of it.
package enum ChannelTrouble: String, Sendable {
    case disabled = "channel.disabled"
    /// Its circuit has been open for an hour.
    case unreachable = "channel.unreachable"
}

extension Transaction {
    /// Tells the organization's fallback channel of another channel's trouble, as an event with one delivery; the lane
    /// that has something due by that. Nil when there is no fallback channel, or it is the one in trouble.
    func tellFallback(
        of trouble: ChannelTrouble, at channel: Channel, because finding: Finding
    ) throws(RepositoryError) -> Lane? {
        nil
    }
}
