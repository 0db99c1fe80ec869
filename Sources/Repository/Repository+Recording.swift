import Notifications

/// What came of an attempt, as the engine tells it.
package struct DeliveryResult: Sendable {
    package let delivery: ClaimedDelivery
    package let attempt: Attempt
    package let outcome: Outcome

    package init(delivery: ClaimedDelivery, attempt: Attempt, outcome: Outcome) {
        self.delivery = delivery
        self.attempt = attempt
        self.outcome = outcome
    }
}

extension Repository {
    /// Writes the result of an attempt: the delivery's next state, the attempt, and, when the receiver is gone for good,
    /// the disabled channel with its audit entry. False when somebody else has the lease by now: then nothing is written.
    package func record(_ result: DeliveryResult) async throws(RepositoryError) -> Bool {
        let (vault, at) = (vault, now())
        return try await database.write { connection throws(RepositoryError) in
            let transaction = Transaction(
                connection: connection, vault: vault, at: at, organization: result.delivery.lane.organizationID,
                principal: .operator)
            guard try transaction.finish(result) else { return false }
            try transaction.insert(result.attempt, of: result.delivery.id)
            if let finding = result.outcome.disablesChannel {
                try transaction.disable(result.delivery.lane.channelID, because: finding)
            }
            return true
        }
    }

    /// Gives back leases whose attempt was broken off by a shutdown; it counts as an attempt, not as a crash.
    package func release(_ deliveries: [ClaimedDelivery]) async throws(RepositoryError) {
        let at = now()
        try await database.write { connection throws(RepositoryError) in
            try connection.executeMany(
                """
                UPDATE deliveries SET state = 'due', due_at = $4, lease_owner = NULL, lease_until = NULL,
                    interruptions = 0, updated_at = $4
                WHERE organization_id = $1 AND delivery_id = $2 AND fencing_token = $3 AND state = 'claimed'
                """,
                deliveries.map { delivery in
                    [
                        SQLValue(delivery.lane.organizationID), SQLValue(delivery.id),
                        SQLValue(delivery.fencingToken), SQLValue(at),
                    ]
                })
        }
    }
}

extension Transaction {
    /// Who did it, when the service itself did.
    static let system = "system"

    /// False when the lease is somebody else's.
    fileprivate func finish(_ result: DeliveryResult) throws(RepositoryError) -> Bool {
        let outcome = result.outcome
        let changed = try connection.execute(
            """
            UPDATE deliveries SET state = $4, reason = $5, due_at = coalesce($6, due_at), lease_owner = NULL,
                lease_until = NULL, interruptions = 0, updated_at = $7
            WHERE organization_id = $1 AND delivery_id = $2 AND fencing_token = $3 AND state = 'claimed'
            """,
            [
                SQLValue(organization), SQLValue(result.delivery.id), SQLValue(result.delivery.fencingToken),
                SQLValue(outcome.state.rawValue), SQLValue(outcome.reason), SQLValue(outcome.dueAt), SQLValue(at),
            ])
        return changed == 1
    }

    fileprivate func insert(_ attempt: Attempt, of delivery: DeliveryID) throws(RepositoryError) {
        try connection.execute(
            """
            INSERT INTO attempts (organization_id, delivery_id, number, started_at, duration, verdict, finding_code,
                finding_text, status, address, answer)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                SQLValue(organization), SQLValue(delivery), SQLValue(attempt.number), SQLValue(attempt.startedAt),
                SQLValue(attempt.duration.microseconds), SQLValue(attempt.verdict), SQLValue(attempt.finding?.code),
                SQLValue(attempt.finding?.text), SQLValue(attempt.status.map(Int64.init)), SQLValue(attempt.address),
                attempt.answer.map(SQLValue.blob) ?? .null,
            ])
    }

    /// Disables a channel whose receiver is gone for good; nothing when somebody has disabled or removed it already.
    fileprivate func disable(_ id: ChannelID, because finding: Finding) throws(RepositoryError) {
        let before: Channel
        do {
            before = try channel(id)
        } catch .notFound {
            return
        }
        guard before.state == .enabled else { return }
        var after = before
        after.state = .disabled
        after.disabledReason = finding.text
        after.version += 1
        after.updatedAt = at
        try update(after, actor: Self.system)
        try settleDeliveries(ofDisabled: id)
        try audit(
            "channel.disabled", before.target, ["code": .string(finding.code), "reason": .string(finding.text)],
            actor: Self.system)
    }
}
