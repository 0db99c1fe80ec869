import Crypto
import Notifications

/// Receivers' answers are encrypted like settings: they may contain secrets that nobody knows of. The header fields that
/// are kept precede the body. An empty answer is stored as nothing, which needs no key.
///
/// The answer is the least important part of an attempt: if a damaged key prevents encrypting it, it is left out, and
/// the attempt is still recorded and shown.
extension StoreContext {
    /// An attempt's answer as it is stored, encrypted before the transaction; nil if the organization's key is not kept.
    func sealedAnswer(of result: DeliveryResult) -> SQLValue? {
        let organization = result.delivery.queue.organizationID
        guard let plain = result.attempt.answerToSeal, !plain.isEmpty else { return result.attempt.answerWithoutKey }
        guard let key = kept.dataKeys[organization] else { return nil }
        let place = SealedText.Place.answer(ofAttempt: result.attempt, result.delivery.id, organization)
        return (try? vault.seal(plain, with: key, place: place)).map(SQLValue.blob)
    }
}

extension Attempt {
    /// The header fields that are kept, and the body; nil if there was no answer.
    fileprivate var answerToSeal: [UInt8]? {
        answer.map { body in answerHead.map { Array($0.utf8) + body } ?? body }
    }

    /// As an answer is stored that consists of nothing.
    fileprivate var answerWithoutKey: SQLValue { answer == nil ? .null : .blob([]) }
}

extension Transaction {
    /// The same, with the key from the database, which is added to `keys`.
    func sealedAnswer(
        of attempt: Attempt, _ delivery: DeliveryID, _ keys: inout [OrganizationID: SymmetricKey]
    ) throws(RepositoryError) -> SQLValue {
        guard let plain = attempt.answerToSeal, !plain.isEmpty else { return attempt.answerWithoutKey }
        do throws(RepositoryError) {
            let key = try dataKey()
            keys[organization] = key
            return .blob(try vault.seal(plain, with: key, place: .answer(ofAttempt: attempt, delivery, organization)))
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
            return try opened(sealed, place: .answer(number, delivery, organization))
        } catch .unreadable {
            return nil
        }
    }
}

extension SealedText.Place {
    fileprivate static func answer(
        ofAttempt attempt: Attempt, _ delivery: DeliveryID, _ organization: OrganizationID
    ) -> Self {
        answer(Int64(attempt.number), delivery, organization)
    }

    fileprivate static func answer(
        _ number: Int64, _ delivery: DeliveryID, _ organization: OrganizationID
    ) -> Self {
        Self(table: "attempts", column: "answer", organization: organization, row: "\(delivery)/\(number)")
    }
}
