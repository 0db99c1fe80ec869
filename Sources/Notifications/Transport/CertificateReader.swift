/// Reads certificates and private keys in PEM, with the library that uses them for connections: what it reads can be used.
package protocol CertificateReader: Sendable {
    /// The certificates in their order; nil unless there is at least one and all of them can be read.
    func certificates(in pem: String) -> [Certificate]?

    /// Whether a private key belongs to the first of some certificates. Nil if the key cannot be read.
    func isKey(_ key: String, of certificates: String) -> Bool?
}

/// What people want to know about a certificate.
package struct Certificate: Equatable, Sendable {
    /// The common name, or else the first of the other names. Written by whoever made the certificate.
    package let name: String
    package let expiresAt: Timestamp

    package init(name: String, expiresAt: Timestamp) {
        self.name = name
        self.expiresAt = expiresAt
    }

    /// `expires in 12 days`, for people.
    package func lifetime(at now: Timestamp) -> String {
        let seconds = (expiresAt - now).components.seconds
        guard seconds >= 0 else { return "has expired" }
        let days = seconds / 86_400
        return days == 0 ? "expires today" : "expires in \(days) day\(days == 1 ? "" : "s")"
    }
}

/// A certificate among a channel's settings.
package struct ChannelCertificate: Sendable {
    /// The field that holds it.
    package let field: Field
    package let certificate: Certificate
}
