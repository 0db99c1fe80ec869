import EventRouting
import Notifications
import Repository
import WebServing

/// Takes one event at a time, whatever form it came in: it waits for its organization's turn, and pays for its
/// deliveries.
struct EventDesk {
    let router: EventRouter
    let desk: AdmissionController

    /// When this returns, the event is on disk with all its deliveries.
    func take(
        _ content: EventContent, idempotencyKey: String?, as principal: Principal
    ) async throws(RepositoryError) -> Acceptance {
        // The repository refuses callers without an organization.
        guard let home = principal.organizationID else {
            return try await router.accept(content, idempotencyKey: idempotencyKey, as: principal)
        }
        let expected = desk.expectedDeliveries(of: home)
        let acceptance = try await desk.storing(rows: 1 + expected, of: home) { () async throws(RepositoryError) in
            try await router.accept(content, idempotencyKey: idempotencyKey, as: principal)
        }
        let stored = acceptance.isReplay ? [] : [acceptance.deliveries]
        desk.settle(EventBill(events: 1, expected: expected, stored: stored), of: home)
        return acceptance
    }
}
