import Notifications

/// Which deliveries are wanted; nil means all.
package struct DeliveryFilter: Sendable {
    package var state: DeliveryState?
    package var channelID: ChannelID?
    package var eventID: EventID?
    /// Of the events of this run.
    package var runID: LoadTestRunID?
    /// Made at or after.
    package var since: Timestamp?
    /// Made before.
    package var until: Timestamp?

    /// Times are those at which a delivery was created: from `since` on, up to but not including `until`.
    package init(
        state: DeliveryState? = nil, channelID: ChannelID? = nil, eventID: EventID? = nil,
        runID: LoadTestRunID? = nil, since: Timestamp? = nil, until: Timestamp? = nil
    ) {
        self.state = state
        self.channelID = channelID
        self.eventID = eventID
        self.runID = runID
        self.since = since
        self.until = until
    }
}
