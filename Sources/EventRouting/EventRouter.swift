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
    /// of their lanes by then, so that none is kept: a batch may have a million.
    package func accept(
        firstOf batch: ArraySlice<EventContent>, as principal: Principal
    ) async throws(RepositoryError) -> [Result<Acceptance, RepositoryError>] {
        let results = try await repository.accept(firstOf: batch, as: principal)
        return zip(batch, results).map { content, result in
            result.map { acceptance in
                engine.wake(acceptance)
                engine.metrics.accept(content.type, skipped: acceptance.skipped)
                var known = acceptance
                known.dueLanes = []
                return known
            }
        }
    }

    /// Makes a delivery due now and wakes the engine for it.
    package func retry(
        _ delivery: DeliveryID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Delivery {
        let due = try await repository.retryDelivery(delivery, of: organization, as: principal)
        engine.wake([Lane(organizationID: organization, channelID: due.channelID)])
        return due
    }

    /// Keeps a channel whose removal was planned, and wakes the engine for what waited meanwhile.
    package func undoRemoval(
        of channel: ChannelID, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) {
        _ = try await repository.undoRemoval(of: channel, in: organization, as: principal)
        engine.wake([Lane(organizationID: organization, channelID: channel)])
    }
}

extension EventRouter {
    /// A channel was changed: what waited for a better address may go.
    package func changed(_ channel: Channel) {
        engine.wake([Lane(organizationID: channel.organizationID, channelID: channel.id)])
    }

    /// Ends a channel's pause and wakes the engine for what has waited.
    package func resume(
        _ channel: ChannelID, of organization: OrganizationID, skipOlderThan: Timestamp?, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        let resumed = try await repository.resumeChannel(
            channel, of: organization, skipOlderThan: skipOlderThan, as: principal)
        engine.wake([Lane(organizationID: organization, channelID: channel)])
        return resumed
    }
}
