/// The newest entry of a chain: its sequence and hash.
package struct AuditHead: Equatable, Sendable {
    package let sequence: Int64
    package let hash: String

    package init(sequence: Int64, hash: String) {
        self.sequence = sequence
        self.hash = hash
    }

    package static let none = AuditHead(sequence: 0, hash: AuditChain.genesis)
}

extension AuditHead {
    /// What is wrong with the end of a chain, as part of a sentence; nil if it is what the service wrote.
    ///
    /// - Parameters:
    ///   - newest: The newest entry in the database.
    ///   - kept: The head stored beside the chain, with its MAC.
    package static func finding(
        newest: AuditEntry?, kept: (head: AuditHead, mac: String)?, key: AuditKey
    ) -> String? {
        guard let kept else { return newest == nil ? nil : "the stored head of the chain is missing" }
        guard key.isRight(kept.mac, of: kept.head) else {
            return "the stored head of the chain was changed"
        }
        guard let newest else { return "all entries are missing" }
        guard newest.sequence == kept.head.sequence, newest.hash == kept.head.hash else {
            return "the newest entry is \(newest.sequence), but the last one written was \(kept.head.sequence)"
                + (newest.sequence == kept.head.sequence ? " with a different hash" : "")
        }
        return key.wrote(newest) ? nil : "entry \(newest.sequence) was changed"
    }
}
