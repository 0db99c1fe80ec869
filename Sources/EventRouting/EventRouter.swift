import Notifications
import Repository

/// Accepts each event once and wakes the delivery engine for it.
package struct EventRouter: Sendable {
    private let repository: Repository
    private let engine: DeliveryEngine

    package init(repository: Repository, engine: DeliveryEngine) {
        self.repository = repository
        self.engine = engine
    }

    /// Stores an event and its deliveries. When this returns, they are on disk; nothing has been sent yet. An event
    /// whose `idempotencyKey` is known is not stored again: the result is that of the first.
    package func accept(
        _ content: EventContent, idempotencyKey: String?, as principal: Principal
    ) async throws(RepositoryError) -> Acceptance {
        let reservation = principal.organizationID.flatMap(engine.reserve)
        do {
            let acceptance = try await repository.accept(
                content, idempotencyKey: idempotencyKey, claiming: reservation.map(engine.permit), as: principal)
            engine.accepted(acceptance, using: reservation)
            if !acceptance.isReplay { engine.metrics.accept(content.type, skipped: acceptance.skipped) }
            return acceptance
        } catch {
            engine.refused(reservation)
            throw error
        }
    }

    /// Accepts the first events of a batch, as many as fit into one transaction, and returns a result for each. Their
    /// `dueQueues` are empty: the engine knows them by then, and a batch may have a million.
    package func accept(
        firstOf batch: ArraySlice<EventContent>, as principal: Principal
    ) async throws(RepositoryError) -> [Result<Acceptance, RepositoryError>] {
        let results = try await repository.accept(firstOf: batch, as: principal)
        return zip(batch, results).map { content, result in
            result.map { acceptance in
                engine.wake(acceptance)
                engine.metrics.accept(content.type, skipped: acceptance.skipped)
                var known = acceptance
                known.dueQueues = []
                return known
            }
        }
    }

    /// Makes a delivery due now, with a new retry schedule, and wakes the engine for it.
    package func retry(
        _ delivery: DeliveryID, of organization: OrganizationID, again: Bool = false, as principal: Principal
    ) async throws(RepositoryError) -> Delivery {
        let due = try await repository.retryDelivery(delivery, of: organization, again: again, as: principal)
        engine.wake([ChannelQueue(organizationID: organization, channelID: due.channelID)])
        return due
    }

    /// Changes channels and wakes the engine for them.
    package var channels: Channels { Channels(repository: repository, wake: engine.wake) }
}
