import Notifications

/// Forms that create something, each with a token of its own: a page that is reloaded sends its form again.
extension Transaction {
    /// Throws `alreadyCreated` if the form has been sent before; otherwise notes what it creates.
    ///
    /// - Parameter form: Nil for what is not created by a form.
    func claim<Subject>(_ form: RandomToken?, creating id: UniqueID<Subject>) throws(RepositoryError) {
        guard let form else { return }
        let first: UniqueID<Subject>? = try connection.row(
            Self.claimingForm,
            [
                SQLValue(organization), SQLValue("form \(Hexadecimal.encode(form.hash))"), .blob(form.hash),
                SQLValue(id), SQLValue(at + Session.lifetime),
            ]
        ) { row in row.id(0) }
        guard first == id else { throw .alreadyCreated(first?.text ?? "") }
    }

    /// The table of idempotency keys: no key of the API contains a space. In one statement, which waits for another that
    /// claims the same form, so that only one of them gets its own id back. No form outlives its session.
    private static let claimingForm = """
        INSERT INTO idempotency_keys (organization_id, key, request_hash, event_id, due, skipped, expires_at)
        VALUES ($1, $2, $3, $4, 0, 0, $5)
        ON CONFLICT (organization_id, key) DO UPDATE SET due = 0
        RETURNING event_id
        """
}
