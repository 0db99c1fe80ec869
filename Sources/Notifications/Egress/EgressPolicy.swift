/// Where deliveries, tests and previews may go. What stands here by default is what production wants: HTTPS, four
/// ports, and nothing but the public internet.
package struct EgressPolicy: Equatable, Sendable {
    /// The ports that an address outside `allowedRanges` may have.
    package static let defaultPorts: Set<Int> = [80, 443, 8080, 8443]

    /// Blocks beside the public internet that the operator opened (`RUNBELL_EGRESS_ALLOW`). Any port may be used in
    /// them. Metadata services stay refused there too.
    package var allowedRanges: [AddressRange]
    /// `RUNBELL_EGRESS_HTTP`.
    package var isHTTPAllowed: Bool
    /// `defaultPorts` and what `RUNBELL_EGRESS_PORTS` adds.
    package var ports: Set<Int>
    /// Where this service listens itself: refused also inside an allowed range, or a channel could feed its own events.
    package var ownAddresses: [ListeningAddress]
    /// Whether anything may be dialled: for commands that an operator points at his own service.
    package let isUnrestricted: Bool

    package init(
        allowedRanges: [AddressRange] = [], isHTTPAllowed: Bool = false, ports: Set<Int> = Self.defaultPorts,
        ownAddresses: [ListeningAddress] = []
    ) {
        self.init(
            allowedRanges: allowedRanges, isHTTPAllowed: isHTTPAllowed, ports: ports, ownAddresses: ownAddresses,
            isUnrestricted: false)
    }

    private init(
        allowedRanges: [AddressRange], isHTTPAllowed: Bool, ports: Set<Int>, ownAddresses: [ListeningAddress],
        isUnrestricted: Bool
    ) {
        self.allowedRanges = allowedRanges
        self.isHTTPAllowed = isHTTPAllowed
        self.ports = ports
        self.ownAddresses = ownAddresses
        self.isUnrestricted = isUnrestricted
    }

    /// No rule but the syntax of addresses. Never for an address that a tenant wrote.
    package static let unrestricted = EgressPolicy(
        allowedRanges: [], isHTTPAllowed: true, ports: [], ownAddresses: [], isUnrestricted: true)

    /// Whether the operator uses private networks, and with them names that mean something only there.
    package var reachesPrivateNetworks: Bool { isUnrestricted || !allowedRanges.isEmpty }
}

/// An address and port that this service listens on.
package struct ListeningAddress: Hashable, Sendable {
    /// 0.0.0.0 and `::` stand for every loopback address too.
    package let address: IPAddress
    package let port: Int

    package init(address: IPAddress, port: Int) {
        self.address = address
        self.port = port
    }

    func answers(on address: IPAddress, port: Int) -> Bool {
        port == self.port && (address == self.address || self.address.isUnspecified && address.isLoopback)
    }
}
