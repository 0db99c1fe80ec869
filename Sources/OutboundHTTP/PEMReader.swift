import NIOSSL
import Notifications

/// Reads certificates and keys with NIOSSL.
package struct PEMReader: CertificateReader {
    package init() {}

    /// Nil unless all of them can be read.
    package func certificates(in pem: String) -> [Certificate]? {
        try? NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)).map { certificate in
            Certificate(
                name: DisplayText.cut(DisplayText.line(certificate.displayName), to: 100),
                expiresAt: Timestamp(seconds: Int64(certificate.notValidAfter)))
        }
    }

    /// Nil if the key cannot be read; false if it is not that of the first certificate, or of a kind that TLS cannot use.
    package func isKey(_ key: String, of certificates: String) -> Bool? {
        guard let key = try? NIOSSLPrivateKey(pem: key) else { return nil }
        guard let certificate = try? NIOSSLCertificate(bytes: Array(certificates.utf8), format: .pem) else {
            return false
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates([])
        configuration.certificateChain = [.certificate(certificate)]
        configuration.privateKey = .privateKey(key)
        // A context takes a key only with its certificate.
        return (try? NIOSSLContext(configuration: configuration)) != nil
    }
}

extension NIOSSLPrivateKey {
    /// NIOSSL 2.37 traps on a key without bytes.
    convenience init(pem: String) throws {
        guard !pem.isEmpty else { throw NIOSSLError.failedToLoadPrivateKey }
        try self.init(bytes: Array(pem.utf8), format: .pem)
    }
}

extension NIOSSLCertificate {
    /// The common name, or else all other names. NIOSSL 2.37 has them only in the description.
    fileprivate var displayName: String {
        let text = Substring(description.replacingBytes(of: ">", with: ""))
        let parts = text.pieces(between: ";")
        let named = ["common_name=", "alternative_names="].lazy.compactMap { mark in
            parts.first { $0.startsWithBytes(of: mark) }?.dropFirst(mark.count)
        }
        return named.first { !$0.isEmpty }.map(String.init) ?? "without a name"
    }
}
