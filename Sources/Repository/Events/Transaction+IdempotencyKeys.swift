import Notifications

/// The table of idempotency keys.
extension Transaction {
    /// What was accepted under a key that has not expired.
    static let earlierResult = """
        SELECT request_hash, event_id, due, skipped FROM idempotency_keys
        WHERE organization_id = $1 AND key = $2 AND expires_at > $3
        """

    /// A row of `earlierResult`.
    func earlierAcceptance(_ row: any SQLRow) -> Acceptance {
        Acceptance(
            organizationID: organization, eventID: row.id(1), due: Int(row.integer(2)), skipped: Int(row.integer(3)),
            isReplay: true, dueQueues: [])
    }

    static let rememberingKey = """
        INSERT INTO idempotency_keys (organization_id, key, request_hash, event_id, due, skipped, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (organization_id, key) DO UPDATE SET
            request_hash = $3, event_id = $4, due = $5, skipped = $6, expires_at = $7
        """

    /// The values of `rememberingKey`; nil if there is none.
    func valuesToRemember(_ posting: Posting, _ acceptance: Acceptance) -> [SQLValue]? {
        guard let key = posting.idempotencyKey else { return nil }
        return [
            SQLValue(organization), SQLValue(key), .blob(posting.event.hash), SQLValue(acceptance.eventID),
            SQLValue(acceptance.due), SQLValue(acceptance.skipped), SQLValue(at + Repository.idempotencyLifetime),
        ]
    }
}
