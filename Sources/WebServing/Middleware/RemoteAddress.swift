import NIOCore

/// Where a connection comes from, as far as failures are counted by it: a whole IPv4 address, or the 64 bits of an IPv6
/// address that name a network, since one host can take any address behind them.
struct RemoteAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    init(_ address: SocketAddress?) {
        switch address {
        // In `sockaddr_in` the address stands behind family and port, in `sockaddr_in6` (RFC 3493, section 3.3) behind
        // the flow label too.
        case .v4(let address): bytes = withUnsafeBytes(of: address.address) { Array($0[4..<8]) }
        case .v6(let address): bytes = Self.network(withUnsafeBytes(of: address.address) { Array($0[8..<24]) })
        default: bytes = []
        }
    }

    /// An IPv4 address that came in over an IPv6 socket (RFC 4291, section 2.5.5.2) counts as what it is.
    private static func network(_ address: [UInt8]) -> [UInt8] {
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        return address.starts(with: mapped) ? Array(address.suffix(4)) : Array(address.prefix(8))
    }
}
