import Notifications

/// What one transaction of retention deleted.
package struct RetentionPiece: Sendable {
    package let rows: Int
    package let events: Int
    /// Deliveries that waited at a paused channel for as long as events are kept.
    package let expired: Int
    /// Where to go on; nil when nothing is left.
    package let next: EventID?
}
