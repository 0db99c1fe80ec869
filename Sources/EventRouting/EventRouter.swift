import Notifications
import Repository

/// Accepts events, once each, and wakes the delivery engine for them.
package struct EventRouter: Sendable {
    package func accept(_ content: EventContent, idempotencyKey: String?, as principal: Principal) async throws(RepositoryError) -> Acceptance { fatalError() }
    package func accept(batch: [EventContent], as principal: Principal) async throws(RepositoryError) -> [Result<Acceptance, RepositoryError>] { fatalError() }
    /// Makes a delivery due now and wakes the engine for it.
    package func retry(_ delivery: DeliveryID, of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> Delivery { fatalError() }
}
