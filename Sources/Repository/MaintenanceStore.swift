import Notifications

/// What the service does beside the traffic and at its start: retention, checkpoints of the audit logs, removals that
/// nobody undid. Nobody asked for it, so there is no principal.
package struct MaintenanceStore: Sendable {
    let context: StoreContext

    /// How many rows are deleted in one transaction at most: others write in between.
    package static let rowsPrunedAtOnce = 500
}
