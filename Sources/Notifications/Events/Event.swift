/// An accepted event.
package struct Event: Sendable {
    package let id: EventID
    package let organizationID: OrganizationID
    /// Numbers the organization's events from 1, without gaps.
    package let sequence: Int64
    package let content: EventContent
    package let receivedAt: Timestamp

    package init(
        id: EventID, organizationID: OrganizationID, sequence: Int64, content: EventContent, receivedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.sequence = sequence
        self.content = content
        self.receivedAt = receivedAt
    }
}
