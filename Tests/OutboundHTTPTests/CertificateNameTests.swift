import NIOSSL
import Testing

@testable import OutboundHTTP

extension OutboundTests {
    @Suite("Names of certificates")
    struct CertificateNameTests {
        @Test(arguments: [
            ("exact.example.org", true), ("hooks.example.com", true),
            ("example.com", false), ("deep.hooks.example.com", false), ("other.example.org", false),
            // No wildcard stands for a whole name, an address is no name, and the common name does not count.
            ("localhost", false), ("192.0.2.1", false), ("named.example.net", false),
        ])
        func `a wildcard is one label`(host: String, isNamed: Bool) throws {
            let certificate = try #require(
                NIOSSLCertificate.fromPEMFile(TestCertificates.path("wildcard")).first)
            #expect(certificate.names(host) == isNamed)
        }
    }
}
