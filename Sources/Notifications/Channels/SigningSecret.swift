/// A Standard Webhooks 1.0.0 secret: `whsec_` and 24 to 64 random bytes in Base64.
package struct SigningSecret: Sendable {
    /// Makes a new one of 32 bytes.
    package init() {}
    /// Nil when the text is none.
    package init?(_ text: String) { nil }
    /// The text `whsec_…`.
    package func reveal() -> String { "" }
    /// `v1,` and the Base64 HMAC-SHA256 of `id.timestamp.body`.
    package func signature(id: String, timestamp: Int64, body: [UInt8]) -> String { "" }
}
