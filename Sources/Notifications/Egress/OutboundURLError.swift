/// Why a text is not accepted as an address.
package struct OutboundURLError: Error, Equatable, Sendable {
    /// A whole sentence for people. Never contains any part of the address.
    package let message: String
}
