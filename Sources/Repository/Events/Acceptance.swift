import Notifications

/// The result of posting an event. It is on disk, with all its deliveries.
package struct Acceptance: Sendable {
    package let organizationID: OrganizationID
    package let eventID: EventID
    package let due: Int
    package let skipped: Int
    /// The same idempotency key and body were posted before; nothing was written.
    package let isReplay: Bool
    /// Queues that now have something due, for the delivery engine.
    package var dueQueues: [DueQueue]

    package var deliveries: Int { due + skipped }
}
