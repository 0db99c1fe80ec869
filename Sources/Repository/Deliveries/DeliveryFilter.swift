import Notifications

/// Filters a list of deliveries; nil means all.
package struct DeliveryFilter: Sendable {
    package var state: DeliveryState?
    package var channelID: ChannelID?
    package var eventID: EventID?
    /// Deliveries of this run's events.
    package var runID: LoadTestRunID?
    /// Created at or after.
    package var since: Timestamp?
    /// Created before.
    package var until: Timestamp?

    /// Times are those at which a delivery was created: from `since` up to but not including `until`.
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
