import Notifications

/// The table of idempotency keys.
extension Transaction {
    /// For each posting, the result of an earlier one with the same key; nil if the key is new or has expired, or there is
    /// none.
    func earlierResults(
        of postings: [Posting]
    ) throws(RepositoryError) -> [Result<Acceptance, RepositoryError>?] {
        var results = [Result<Acceptance, RepositoryError>?](repeating: nil, count: postings.count)
        let keyed = postings.indices.filter { postings[$0].idempotencyKey != nil }
        try connection.forEachRow(
            """
            SELECT request_hash, event_id, due, skipped FROM idempotency_keys
            WHERE organization_id = $1 AND key = $2 AND expires_at > $3
            """, each: keyed.map { [SQLValue(organization), SQLValue(postings[$0].idempotencyKey), SQLValue(at)] }
        ) { number, row in
            let isSame = row.blob(0) == postings[keyed[number]].event.hash
            results[keyed[number]] =
                isSame
                ? .success(
                    Acceptance(
                        organizationID: organization, eventID: row.id(1), due: Int(row.integer(2)),
                        skipped: Int(row.integer(3)), isReplay: true, dueQueues: []))
                : .failure(.idempotencyMismatch)
        }
        return results
    }

    /// Keeps the results of those that have a key.
    func remember(
        _ accepted: some Sequence<(Posting, Acceptance)>
    ) throws(RepositoryError) {
        try connection.executeMany(
            """
            INSERT INTO idempotency_keys (organization_id, key, request_hash, event_id, due, skipped, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (organization_id, key) DO UPDATE SET
                request_hash = $3, event_id = $4, due = $5, skipped = $6, expires_at = $7
            """,
            accepted.compactMap { posting, acceptance in
                guard let key = posting.idempotencyKey else { return nil }
                return [
                    SQLValue(organization), SQLValue(key), .blob(posting.event.hash), SQLValue(acceptance.eventID),
                    SQLValue(acceptance.due), SQLValue(acceptance.skipped),
                    SQLValue(at + Repository.idempotencyLifetime),
                ]
            })
    }
}
