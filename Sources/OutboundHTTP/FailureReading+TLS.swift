import NIOSSL
import Notifications

/// The receiver's certificate was refused because its time is over.
struct CertificateExpired: Error {}

/// Interprets errors of BoringSSL by their names, which NIOSSL puts into the description.
extension FailureReading {
    static func tls(_ error: any Error) -> TransportFailure {
        if error is CertificateExpired { return .tls("The receiver's certificate has expired.") }
        if error is CertificateForAnotherName || error as? NIOSSLExtraError == .failedToValidateHostname {
            return .tls("The receiver's certificate is for another name.")
        }
        let text = String(describing: error)
        if let sentence = sentence(in: refusals, text) { return .clientCertificate(sentence) }
        return .tls(sentence(in: reasons, text) ?? "The TLS handshake failed.")
    }

    /// Whether the receiver's certificate was not accepted, for whatever reason.
    static func isUntrusted(_ error: any Error) -> Bool {
        guard case NIOSSLError.handshakeFailed = error else { return false }
        return String(describing: error).contains(untrusted)
    }

    private static let untrusted = "CERTIFICATE_VERIFY_FAILED"

    private static func sentence(in table: [(names: [String], sentence: String)], _ text: String) -> String? {
        table.first { row in row.names.contains { text.contains($0) } }?.sentence
    }

    /// Alerts (RFC 8446, section 6.2) with which a receiver refuses our certificate, or that we have none. In TLS 1.3 they
    /// come after the handshake, in place of the answer.
    private static let refusals: [(names: [String], sentence: String)] = [
        (["ALERT_CERTIFICATE_REQUIRED", "ALERT_NO_CERTIFICATE"], "The receiver requires a client certificate."),
        (["ALERT_UNKNOWN_CA"], "The receiver does not trust the authority of the client certificate."),
        (["ALERT_CERTIFICATE_EXPIRED"], "The receiver says that the client certificate has expired."),
        (["ALERT_CERTIFICATE_REVOKED"], "The receiver says that the client certificate has been revoked."),
        (
            [
                "ALERT_BAD_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE", "ALERT_CERTIFICATE_UNKNOWN",
                "ALERT_ACCESS_DENIED",
            ],
            "The receiver refused the client certificate."
        ),
    ]

    private static let reasons: [(names: [String], sentence: String)] = [
        (
            [untrusted],
            "The receiver's certificate is not trusted: it is expired, self-signed or from an unknown authority."
        ),
        (["WRONG_VERSION_NUMBER", "HTTP_REQUEST"], "The receiver does not speak TLS on this port."),
        (["PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL"], "The receiver does not speak TLS 1.2 or later."),
        // What TLS 1.2 says of a missing certificate, among other things.
        (["ALERT_HANDSHAKE_FAILURE"], "The receiver broke off the handshake. It may require a client certificate."),
    ]
}
