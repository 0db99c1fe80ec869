import NIOCore
import Notifications

/// A checked place to connect to. Connections are kept under it: two names that share an address share no connection,
/// because the certificate was checked for one of them.
struct DialTarget: Hashable, Sendable {
    let scheme: OutboundURL.Scheme
    /// The TLS server name; an address when the URL has one.
    let host: String
    let port: Int
    /// Judged by the egress policy.
    let address: IPAddress
    let isLiteral: Bool

    init(_ url: OutboundURL, at address: IPAddress) {
        self.scheme = url.scheme
        self.host = url.host
        self.port = url.port
        self.address = address
        self.isLiteral = url.address != nil
    }

    /// `OutboundURL` has made sure that the port has 16 bits: SwiftNIO traps on more.
    func socketAddress() throws -> SocketAddress {
        try SocketAddress(packedIPAddress: ByteBuffer(bytes: address.bytes), port: port)
    }

    /// An address must not be sent as a server name (RFC 6066 section 3); the certificate is then checked for the
    /// address itself.
    var serverName: String? { isLiteral ? nil : host }
}
