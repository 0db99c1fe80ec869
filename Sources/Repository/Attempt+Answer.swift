import Notifications

/// Answers of receivers are sealed like settings: they may hold what nobody knows to be secret. An empty answer is kept
/// as nothing, which needs no key.
///
/// An answer is the least that is known of an attempt: where a damaged key stands in its way, it is left out, and the
/// attempt is kept and told all the same.
extension Transaction {
    func sealedAnswer(of attempt: Attempt, _ delivery: DeliveryID) throws(RepositoryError) -> SQLValue {
        guard let answer = attempt.answer else { return .null }
        guard !answer.isEmpty else { return .blob([]) }
        let place = SealedText.Place.answer(ofAttempt: Int64(attempt.number), delivery, organization)
        do throws(RepositoryError) {
            return .blob(try sealed(answer, place: place))
        } catch .unreadable {
            return .null
        }
    }

    /// Nil when there was no answer, when it cannot be read, or when a version before this kept it in clear: those are not
    /// shown.
    func answer(
        _ sealed: [UInt8]?, ofAttempt number: Int64, _ delivery: DeliveryID
    ) throws(RepositoryError) -> [UInt8]? {
        guard let sealed, !sealed.isEmpty else { return sealed }
        do throws(RepositoryError) {
            return try opened(sealed, place: .answer(ofAttempt: number, delivery, organization))
        } catch .unreadable {
            return nil
        }
    }
}

extension Repository {
    /// Erases a piece of the answers that versions before this kept in clear; how many, 0 when none is left. What was
    /// secret when they came is not known any more, so they are not blotted and sealed.
    package func eraseAnswersInClear() async throws(RepositoryError) -> Int {
        try await database.write { connection throws(RepositoryError) in
            let found = try connection.rows(
                """
                SELECT organization_id, delivery_id, number FROM attempts INDEXED BY attempts_in_clear
                WHERE answer IS NOT NULL AND organization_id >= $1 LIMIT \(Self.rowsPrunedAtOnce)
                """, [.integer(.min)]
            ) { row in [SQLValue.integer(row.integer(0)), .text(row.text(1)), .integer(row.integer(2))] }
            try connection.executeMany(
                "UPDATE attempts SET answer = NULL WHERE organization_id = $1 AND delivery_id = $2 AND number = $3",
                found)
            return found.count
        }
    }
}

extension SealedText.Place {
    fileprivate static func answer(
        ofAttempt number: Int64, _ delivery: DeliveryID, _ organization: OrganizationID
    ) -> Self {
        Self(table: "attempts", column: "sealed_answer", organization: organization, row: "\(delivery)/\(number)")
    }
}
