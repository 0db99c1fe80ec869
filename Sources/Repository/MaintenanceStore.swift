import Notifications

/// What the service does in the background and at start-up: retention, checkpoints of the audit logs, planned removals
/// that nobody has undone. No caller is involved, so there is no principal.
package struct MaintenanceStore: Sendable {
    let context: StoreContext

    /// The most rows deleted in one transaction, so that others can write in between.
    package static let rowsPrunedAtOnce = 500
}
