import Notifications

/// What one transaction of retention deleted.
package struct RetentionPiece: Sendable {
    package let rows: Int
    package let events: Int
    /// Deliveries that waited at a paused channel until retention deleted their events.
    package let expired: Int
    /// Where to continue; nil if nothing is left.
    package let next: EventID?
}
