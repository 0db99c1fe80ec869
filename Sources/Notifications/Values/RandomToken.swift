import Crypto

/// 256 random bits that stand for somebody for a while: a session's, or those of a link that signs in once. Only the hash
/// is stored, and 256 random bits need no slow one.
package struct RandomToken: Sendable, CustomStringConvertible {
    private let text: Secret

    /// Makes a new one.
    package init() {
        text = Secret(SymmetricKey(size: .bits256).withUnsafeBytes { Hexadecimal.encode($0) })
    }

    /// Reads one that somebody presents: 64 lower-case hexadecimal digits; otherwise nil.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 64, Hexadecimal.decode(String(text)) != nil else { return nil }
        self.text = Secret(String(text))
    }

    /// What is stored of it.
    package var hash: [UInt8] { Array(SHA256.hash(data: Array(text.reveal().utf8))) }

    /// Another token that only its holder and the service can make, say for the forms of a session.
    package func derived(for purpose: String) -> String {
        let key = SymmetricKey(data: Array(text.reveal().utf8))
        return Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Array(purpose.utf8), using: key))
    }

    /// The 64 digits.
    package func reveal() -> String { text.reveal() }

    package var description: String { "[redacted]" }
}
