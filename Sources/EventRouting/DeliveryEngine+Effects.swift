import Logging
import Notifications
import Repository

/// What the engine does in the world. Each piece tells the state what came of it.
extension DeliveryEngine {
    func perform(_ effect: EngineEffect) async -> EngineInput {
        switch effect {
        case .claim(let turns): await claim(turns)
        case .send(let delivery): await send(delivery)
        case .record(let result): await record(result)
        case .release(let delivery): await release(delivery)
        case .sweep(let renewing): await sweep(renewing)
        case .followWallClock(let delta): await followWallClock(by: delta)
        case .finish: .shutDown
        }
    }

    private func claim(_ turns: [FairScheduler.Turn]) async -> EngineInput {
        do {
            let requests = turns.map { ($0.queue, $0.limit) }
            let claims = try await repository.claim(requests, owner: owner, lease: limits.lease)
            note(claims)
            return .claimed(turns, claims)
        } catch {
            if let turn = turns.first, turns.count == 1 {
                logger.error("Could not claim deliveries", metadata: ["queue": "\(turn.queue)", "error": "\(error)"])
            }
            return .claimFailed(turns)
        }
    }

    private func note(_ claims: [QueueClaim]) {
        for claim in claims where claim.setAside > 0 {
            metrics.setAside(claim.setAside)
            logger.error("Set aside an unreadable delivery", metadata: ["queue": "\(claim.queue)"])
        }
    }

    /// One attempt. Broken off, it is neither arrived nor failed; an answer that came all the same counts.
    private func send(_ delivery: ClaimedDelivery) async -> EngineInput {
        let startedAt = clock.now
        guard let kind = delivery.channel.knownKind else {
            return .answered(delivery, .unknownKind(at: startedAt), jitter: 0)
        }
        let settings = delivery.channel.settings
        let message: any OutboundMessage = kind.message(for: delivery.notice(at: startedAt), settings: settings)
        let exchange = await message.send(
            by: transports, for: delivery.queue.organizationID, deadline: limits.deadline)
        if Task.isCancelled, exchange.answer == nil { return .brokenOff(delivery) }
        // Most answers are empty or `ok`: there is nothing to be looked for.
        let secrets = exchange.mayTellSecrets ? KnownSecrets(of: message, settings: settings, kind: kind) : .none
        let answer = AttemptAnswer(
            startedAt: startedAt, exchange: exchange, reading: kind.reading(of: exchange, on: message), secrets: secrets
        )
        metrics.attempt(kind.id, answer)
        return .answered(delivery, answer, jitter: .random(in: 0..<1))
    }

    private func record(_ result: DeliveryResult) async -> EngineInput {
        let id = "\(result.delivery.id)"
        do {
            let recorded = try await repository.record(result)
            if !recorded.isOurs {
                logger.warning("A result arrived after its lease had ended", metadata: ["delivery": "\(id)"])
            }
            return .recorded(result.delivery, recorded)
        } catch {
            logger.error("Could not write a result", metadata: ["delivery": "\(id)", "error": "\(error)"])
            return .recorded(result.delivery, nil)
        }
    }

    private func release(_ delivery: ClaimedDelivery) async -> EngineInput {
        do {
            try await repository.release([delivery])
        } catch {
            logger.error("Could not release a lease", metadata: ["delivery": "\(delivery.id)", "error": "\(error)"])
        }
        return .released
    }

    private func sweep(_ renewing: [ClaimedDelivery]) async -> EngineInput {
        do {
            let queues = try await repository.sweep(renewing: renewing, lease: limits.lease, by: owner)
            if !queues.isEmpty { logger.warning("Reclaimed expired leases") }
            return .swept(queues)
        } catch {
            logger.error("Could not look for expired leases", metadata: ["error": "\(error)"])
            return .swept(nil)
        }
    }

    private func followWallClock(by delta: Duration) async -> EngineInput {
        do {
            try await repository.followWallClock(by: delta, of: clock)
            logger.notice("The wall clock was set; due times are as far away as before", metadata: ["by": "\(delta)"])
        } catch {
            logger.error("Could not follow the wall clock", metadata: ["error": "\(error)"])
        }
        return .wallClockFollowed
    }
}

extension ClaimedDelivery {
    func notice(at time: Timestamp) -> Notice {
        Notice(content: content, deliveryID: id, attempt: attempt, at: time, runLink: runLink)
    }
}
