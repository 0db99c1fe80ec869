import Crypto

/// 256 random bits that identify somebody for a while: a session's token, or that of a one-time sign-in link. Only the
/// hash is stored; with 256 random bits, a slow hash is unnecessary.
package struct RandomToken: Sendable, CustomStringConvertible {
    private let text: Secret

    /// Generates a token.
    package init() {
        text = Secret(SymmetricKey(size: .bits256).withUnsafeBytes { Hexadecimal.encode($0) })
    }

    /// Reads a presented token: 64 lower-case hexadecimal digits; otherwise nil.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 64, Hexadecimal.decode(String(text)) != nil else { return nil }
        self.text = Secret(String(text))
    }

    /// What is stored of it.
    package var hash: [UInt8] { Array(SHA256.hash(data: Array(text.reveal().utf8))) }

    /// Derives another token that only its holder and the service can make, for example for the forms of a session.
    package func derived(for purpose: String) -> String {
        let key = SymmetricKey(data: Array(text.reveal().utf8))
        return Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Array(purpose.utf8), using: key))
    }

    /// The 64 digits.
    package func reveal() -> String { text.reveal() }

    package var description: String { "[redacted]" }
}
