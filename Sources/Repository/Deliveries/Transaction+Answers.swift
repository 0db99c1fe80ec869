import Notifications

/// Receivers' answers are encrypted like settings: they may contain secrets that nobody knows of. The header fields that
/// are kept precede the body. An empty answer is stored as nothing, which needs no key.
///
/// The answer is the least important part of an attempt: if a damaged key prevents encrypting it, it is left out, and
/// the attempt is still recorded and shown.
extension Transaction {
    func sealedAnswer(of attempt: Attempt, _ delivery: DeliveryID) throws(RepositoryError) -> SQLValue {
        guard let body = attempt.answer else { return .null }
        let answer = Array((attempt.answerHead ?? "").utf8) + body
        guard !answer.isEmpty else { return .blob([]) }
        let place = SealedText.Place.answer(ofAttempt: Int64(attempt.number), delivery, organization)
        do throws(RepositoryError) {
            return .blob(try sealed(answer, place: place))
        } catch .unreadable {
            return .null
        }
    }

    /// Nil if there was no answer or it cannot be read.
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

extension SealedText.Place {
    fileprivate static func answer(
        ofAttempt number: Int64, _ delivery: DeliveryID, _ organization: OrganizationID
    ) -> Self {
        Self(table: "attempts", column: "answer", organization: organization, row: "\(delivery)/\(number)")
    }
}
