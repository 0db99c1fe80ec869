import Notifications
import Repository

/// Accepts events, once each, and wakes the delivery engine for them.
package struct EventRouter: Sendable {
    private let repository: Repository
    private let engine: DeliveryEngine

    package init(repository: Repository, engine: DeliveryEngine) {
        self.repository = repository
        self.engine = engine
    }

    /// When it returns, the event and all its deliveries are on disk. Nothing has been sent yet.
    package func accept(
        _ content: EventContent, idempotencyKey: String?, as principal: Principal
    ) async throws(RepositoryError) -> Acceptance {
        let acceptance = try await repository.accept(content, idempotencyKey: idempotencyKey, as: principal)
        engine.wake(acceptance)
        if !acceptance.isReplay { engine.metrics.accept(content.type, skipped: acceptance.skipped) }
        return acceptance
    }

    /// As many of a batch, from its first event on, as one transaction takes; each has its own result. The engine knows
    /// of their queues by then, so that none is kept: a batch may have a million.
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

    /// Makes a delivery due now and wakes the engine for it.
    package func retry(
        _ delivery: DeliveryID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Delivery {
        let due = try await repository.retryDelivery(delivery, of: organization, as: principal)
        engine.wake([ChannelQueue(organizationID: organization, channelID: due.channelID)])
        return due
    }

    /// Where channels are changed, so that the engine hears of it.
    package var channels: Channels { Channels(repository: repository, wake: engine.wake) }
}
