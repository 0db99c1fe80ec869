import Crypto

/// How a connection proves who we are, and whom it trusts, where a channel differs from the installation.
///
/// Two are equal if their texts are. Connections are only shared between equal ones.
package struct TLSSettings: Hashable, Sendable {
    /// In PEM: our certificate, followed by those that lead to its authority. Nil if we prove nothing.
    package let certificates: String?
    /// In PEM, of the first certificate.
    package let privateKey: Secret?
    /// In PEM: the authorities that are trusted, and no others. Nil for those of the system.
    package let authorities: String?

    private let digest: [UInt8]

    /// Nil if there is nothing to set.
    package init?(certificates: String?, privateKey: Secret?, authorities: String?) {
        guard certificates != nil || privateKey != nil || authorities != nil else { return nil }
        self.certificates = certificates
        self.privateKey = privateKey
        self.authorities = authorities
        digest = Self.digest([certificates, privateKey?.reveal(), authorities])
    }

    package static func == (one: Self, other: Self) -> Bool { one.digest == other.digest }

    package func hash(into hasher: inout Hasher) { hasher.combine(digest) }

    /// Each text is digested by itself, so that no two lists of texts run together into the same bytes.
    private static func digest(_ texts: [String?]) -> [UInt8] {
        texts.flatMap { text in text.map { [UInt8](SHA256.hash(data: Array($0.utf8))) } ?? [0] }
    }
}
