import NIOSSL
import Notifications

/// The receiver's certificate is for another name.
struct CertificateForAnotherName: Error {}

extension NIOSSLCertificate {
    /// Whether the certificate names a host (RFC 9525): one of its DNS names is the host, or is `*.` and the host
    /// without its first label. NIOSSL 2.37 also accepts a certificate for the IP address it connects to, and the
    /// subject's common name: whoever can forge a name's addresses would then only need a certificate for an address of
    /// their own. So this check comes after NIOSSL's.
    func names(_ host: String) -> Bool {
        let parent = host.utf8.firstIndex(of: UInt8(ascii: ".")).map { host[$0...] } ?? ""
        return _subjectAlternativeNames().contains { alternative in
            guard alternative.nameType == .dnsName else { return false }
            let name = String(decoding: Array(alternative.contents), as: UTF8.self).lowercased()
            return name.sameBytes(as: host) || !parent.isEmpty && name.sameBytes(as: "*" + parent)
        }
    }
}
