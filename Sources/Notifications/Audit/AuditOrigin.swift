/// Where what an audit entry tells came from.
package struct AuditOrigin: Equatable, Sendable {
    /// The key's id; empty for the operator and the service itself.
    package let keyID: String
    /// The address that the request came from, as the connection has it; empty when there was no request.
    package let source: String

    package init(keyID: String, source: String) {
        self.keyID = keyID
        self.source = source
    }
}

/// The address that the request of this task came from. The web layer sets it, and what the request causes finds it.
package enum RequestSource {
    @TaskLocal package static var address = ""
}
