/// The key and the address behind an audit entry.
package struct AuditOrigin: Equatable, Sendable {
    /// The key's id; empty for the operator and the service itself.
    package let keyID: String
    /// The peer address of the request's connection; empty if there was no request.
    package let source: String

    package init(keyID: String, source: String) {
        self.keyID = keyID
        self.source = source
    }
}

/// The peer address of the request that this task serves. The web layer sets it; whatever the request causes reads it.
package enum RequestSource {
    @TaskLocal package static var address = ""
}
