import Notifications

/// Room that the delivery engine has set aside for an event that is about to be accepted: one delivery to each of these
/// channels may be claimed in the same transaction, so that it need not be looked for again.
package struct ClaimPermit: Sendable {
    package let channels: Set<ChannelID>
    package let owner: String
    package let lease: Duration

    /// - Parameters:
    ///   - channels: channels with room and without a backlog.
    ///   - owner: identifies the process in the leases.
    package init(channels: Set<ChannelID>, owner: String, lease: Duration) {
        self.channels = channels
        self.owner = owner
        self.lease = lease
    }
}
