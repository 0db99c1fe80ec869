import NIOSSL

/// The authorities that the system trusts, parsed once: NIOSSL would parse the file again for each context, and keep another
/// copy in each.
enum SystemAuthorities {
    /// Where distributions keep them, in the order in which NIOSSL 2.37 looks.
    private static let files = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]

    static func roots() -> NIOSSLTrustRoots {
        for file in files {
            if let certificates = try? NIOSSLCertificate.fromPEMFile(file) { return .certificates(certificates) }
        }
        return .default
    }
}
