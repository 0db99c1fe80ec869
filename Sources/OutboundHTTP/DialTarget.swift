import NIOCore
import Notifications

/// A checked address to connect to. Connections are pooled by it: two names with the same address share no connection,
/// because the certificate was checked for one name only. Nor do channels that prove something else or trust others.
struct DialTarget: Hashable, Sendable {
    let scheme: OutboundURL.Scheme
    /// The TLS server name, or the IP address if the URL has one.
    let host: String
    let port: Int
    /// Allowed by the egress policy.
    let address: IPAddress
    let isLiteral: Bool
    /// Nil for the installation's, and without TLS.
    let tls: TLSSettings?

    init(_ url: OutboundURL, at address: IPAddress, tls: TLSSettings? = nil) {
        self.scheme = url.scheme
        self.host = url.host
        self.port = url.port
        self.address = address
        self.isLiteral = url.address != nil
        self.tls = url.scheme == .https ? tls : nil
    }

    /// `OutboundURL` has ensured that the port fits in 16 bits: SwiftNIO traps otherwise.
    func socketAddress() throws -> SocketAddress {
        try SocketAddress(packedIPAddress: ByteBuffer(bytes: address.bytes), port: port)
    }

    /// IP addresses must not be sent as a server name (RFC 6066, section 3); the certificate is then checked for the
    /// address.
    var serverName: String? { isLiteral ? nil : host }
}
