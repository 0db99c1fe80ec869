extension IPAddress {
    /// Whether the address belongs to the public internet. IPv4: everything except the special-purpose blocks,
    /// multicast and class E. IPv6: only 2000::/3, without its special blocks.
    ///
    /// From https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry. Blocks that are
    /// reachable but serve the network's own machinery (AS112, AMT, 6to4 relays) count as special too.
    package var isPublic: Bool {
        switch self {
        case .v4: !Self.special.contains { $0.contains(self) }
        case .v6: Self.globalUnicast.contains { $0.contains(self) } && !Self.special.contains { $0.contains(self) }
        }
    }

    /// Whether the address is refused whatever an operator allows: metadata and credentials services of clouds (with
    /// all of link-local, where most are), even inside an IPv6 address that embeds an IPv4 one, and IPv4-mapped
    /// addresses, which the system would turn into IPv4 after the check.
    package var isNeverAllowed: Bool {
        Self.never.contains { $0.contains(self) } || (carriedIPv4.map { $0.isNeverAllowed } ?? false)
    }

    package var isLoopback: Bool {
        switch self {
        case .v4(let bits): bits >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        }
    }

    /// 0.0.0.0 or `::`: as a listening address, every address of the machine.
    package var isUnspecified: Bool {
        self == .v4(0) || self == .v6(high: 0, low: 0)
    }

    /// The IPv4 address embedded in an IPv4-compatible, mapped, translated, NAT64 or 6to4 address.
    private var carriedIPv4: IPAddress? {
        guard case .v6(let high, let low) = self else { return nil }
        switch (high, low >> 32) {
        case (0, 0) where low > 1, (0, 0xFFFF), (0, 0xFFFF_0000), (0x0064_FF9B_0000_0000, 0):
            return .v4(UInt32(truncatingIfNeeded: low))
        case (0x0064_FF9B_0001_0000...0x0064_FF9B_0001_FFFF, _):
            return .v4(UInt32(truncatingIfNeeded: low))
        case (0x2002_0000_0000_0000...0x2002_FFFF_FFFF_FFFF, _):
            return .v4(UInt32(truncatingIfNeeded: high >> 16))
        default:
            return nil
        }
    }

    private static let globalUnicast = ranges("2000::/3")

    private static let special = ranges(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        // Azure's wire server, whose address is nominally public.
        "168.63.129.16",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"
    )

    private static let never = ranges(
        // AWS, Azure, Google, DigitalOcean, OpenStack, Tencent; ECS and EKS credentials; VPC resolvers.
        "169.254.0.0/16", "fe80::/10",
        // Azure's wire server, Alibaba, Oracle.
        "168.63.129.16", "100.100.100.200", "192.0.0.192",
        // AWS over IPv6 (metadata, resolver, time, EKS credentials), Google and Scaleway over IPv6.
        "fd00:ec2::/32", "fd20:ce::254", "fd00:42::42",
        "::ffff:0:0/96"
    )

    /// Only for the literals of this file; a test checks that all of them parse.
    private static func ranges(_ texts: String...) -> [AddressRange] {
        texts.compactMap { AddressRange($0) }
    }
}
