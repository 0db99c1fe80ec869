/// An address to send to, read byte by byte and taken only in its one canonical spelling.
package struct OutboundURL: Equatable, Sendable {
    package enum Scheme: String, Sendable { case http, https }

    /// The most bytes an address may have.
    package static let lengthLimit = 2048

    package let scheme: Scheme
    /// As it goes into `Host` and the TLS server name: lower case; an IPv6 literal without its brackets.
    package let host: String
    package let port: Int
    /// Path and query, beginning with `/`, byte for byte as given.
    package let target: String

    package init(parsing text: String) throws(OutboundURLError) {
        throw OutboundURLError(message: "stub")
    }

    /// The address as it may be shown.
    package static func masked(_ text: String) -> String { "" }
}

package struct OutboundURLError: Error, Equatable, Sendable {
    package let message: String
}
