import NIOCore

/// The address that failures are counted by: a whole IPv4 address, or the 64-bit network prefix of an IPv6 address,
/// since a host can take any address below its prefix.
struct RemoteAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    init(_ address: SocketAddress?) {
        switch address {
        // In `sockaddr_in` the address follows family and port; in `sockaddr_in6` (RFC 3493, section 3.3) it follows
        // the flow label too.
        case .v4(let address): bytes = withUnsafeBytes(of: address.address) { Array($0[4..<8]) }
        case .v6(let address): bytes = Self.network(withUnsafeBytes(of: address.address) { Array($0[8..<24]) })
        default: bytes = []
        }
    }

    /// An IPv4 address on an IPv6 socket (RFC 4291, section 2.5.5.2) counts as IPv4.
    private static func network(_ address: [UInt8]) -> [UInt8] {
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        return address.starts(with: mapped) ? Array(address.suffix(4)) : Array(address.prefix(8))
    }
}
