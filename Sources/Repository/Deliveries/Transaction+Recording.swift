import Notifications

extension Transaction {
    static let finishing = """
        UPDATE deliveries SET state = $4, reason = $5, due_at = coalesce($6, due_at), lease_owner = NULL,
            lease_until = NULL, interruptions = 0, attempts = attempts - $8, updated_at = $7
        WHERE organization_id = $1 AND delivery_id = $2 AND fencing_token = $3 AND state = 'claimed'
        """

    static let notingArrival = """
        INSERT INTO channel_health (organization_id, channel_id, last_success_at) VALUES ($1, $2, $3)
        ON CONFLICT (organization_id, channel_id) DO UPDATE SET last_success_at = $3
        """

    /// The values of `finishing`.
    func valuesToFinish(_ result: DeliveryResult) -> [SQLValue] {
        let outcome = result.outcome
        return [
            SQLValue(organization), SQLValue(result.delivery.id), SQLValue(result.delivery.fencingToken),
            SQLValue(outcome.state.rawValue), SQLValue(outcome.reason), SQLValue(dueAt(outcome)),
            SQLValue(at), SQLValue(outcome.isAttempt ? 0 : 1),
        ]
    }

    /// A delivery that waits for a local reason keeps its due time: the hold is on its channel, and a restart can end
    /// it early.
    private func dueAt(_ outcome: Outcome) -> Timestamp? {
        outcome.delay.map { outcome.isAttempt ? due + $0 : due }
    }

    static let insertingAttempt = """
        INSERT INTO attempts (organization_id, delivery_id, number, started_at, duration, verdict, finding_code,
            finding_text, status, address, answer, answer_head, channel_version, resolving, connecting, securing,
            waiting)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """

    /// The values of `insertingAttempt`.
    func values(of attempt: Attempt, answer: SQLValue, _ delivery: DeliveryID) -> [SQLValue] {
        [
            SQLValue(organization), SQLValue(delivery), SQLValue(attempt.number), SQLValue(attempt.startedAt),
            SQLValue(attempt.duration.microseconds), SQLValue(attempt.verdict), SQLValue(attempt.finding?.code),
            SQLValue(attempt.finding?.text), SQLValue(attempt.status.map(Int64.init)), SQLValue(attempt.address),
            answer, SQLValue(attempt.answerHead.map { Int64($0.utf8.count) }), SQLValue(attempt.channelVersion),
        ] + attempt.timings.parts.map { SQLValue($0?.microseconds) }
    }

    /// Records what the attempt says about the receiver. Returns whether deliveries that waited for a circuit may go,
    /// and what else follows.
    func noteHealth(
        _ result: DeliveryResult, _ known: inout KnownHealth
    ) throws(RepositoryError) -> (reopens: Bool, consequence: ChannelHealth.Consequence?) {
        let queue = result.delivery.queue
        let channel = queue.channelID
        let before = if let health = known.health[queue] { health } else { try health(of: channel) }
        var health = before
        var consequence = result.outcome.disablesChannel.map(ChannelHealth.Consequence.disable)
        if let failure = result.failure, let finding = result.verdict.finding {
            let further = health.failed(
                failure, finding, hold: result.verdict.hold, isProbe: result.delivery.isProbe, at: due,
                uptime: result.uptime)
            consequence = consequence ?? further
        } else if case .postponed(let finding, _) = result.verdict, let pause = result.outcome.delay {
            health.postponed(finding, for: pause, at: due)
        } else {
            health.delivered()
            known.arrivals.insert(queue)
        }
        try save(health, of: channel, replacing: before)
        known.health[queue] = health
        return (before.circuit != nil && health.circuit == nil, consequence)
    }

    /// Applies the consequences of a failure to the channel. Returns the fallback channel's queue if that was told.
    func draw(
        _ consequence: ChannelHealth.Consequence?, at id: ChannelID
    ) throws(RepositoryError) -> ChannelQueue? {
        switch consequence {
        case nil: return nil
        case .disable(let finding):
            guard let channel = try disable(id, because: finding) else { return nil }
            return try tellFallback(of: .disabled, at: channel, because: finding)
        case .tell(let finding):
            guard let channel = try channelIfThere(id) else { return nil }
            return try tellFallback(of: .unreachable, at: channel, because: finding)
        }
    }

    /// Disables a channel whose receiver is gone for good and returns the changed channel; nil if it has already been
    /// disabled or removed.
    private func disable(_ id: ChannelID, because finding: Finding) throws(RepositoryError) -> Channel? {
        guard let before = try channelIfThere(id), before.state == .enabled || before.state == .paused else {
            return nil
        }
        var after = before
        after.state = .disabled
        after.disabledReason = finding.text
        after.version += 1
        after.updatedAt = at
        try update(after, actor: Self.system)
        _ = try settle(id, .disabled)
        try audit(
            "channel.disabled", before.target, ["code": .string(finding.code), "reason": .string(finding.text)],
            actor: Self.system)
        return after
    }

    /// Nil if it was removed.
    func channelIfThere(_ id: ChannelID) throws(RepositoryError) -> Channel? {
        do {
            return try channel(id)
        } catch .notFound {
            return nil
        }
    }
}

extension Verdict {
    /// How long the receiver asked us to wait.
    fileprivate var hold: Duration? {
        if case .retry(_, let after) = self { after } else { nil }
    }
}
