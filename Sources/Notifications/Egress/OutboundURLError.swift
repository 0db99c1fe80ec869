package struct OutboundURLError: Error, Equatable, Sendable {
    /// A whole sentence for people. It never holds a part of the address.
    package let message: String
}
