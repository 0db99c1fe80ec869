/// Where deliveries, tests and previews may go. The default suits production: HTTPS, four ports, and only the public
/// internet.
package struct EgressPolicy: Equatable, Sendable {
    /// The ports allowed for addresses outside `allowedRanges`.
    package static let defaultPorts: Set<Int> = [80, 443, 8080, 8443]

    /// Ranges that the operator allows in addition to the public internet (`RUNBELL_EGRESS_ALLOW`), with any port.
    /// Metadata services are refused even there.
    package var allowedRanges: [AddressRange]
    /// `RUNBELL_EGRESS_HTTP`.
    package var isHTTPAllowed: Bool
    /// `defaultPorts` and those of `RUNBELL_EGRESS_PORTS`.
    package var ports: Set<Int>
    /// Where this service itself listens: refused even inside an allowed range, so that a channel cannot feed its own
    /// events.
    package var ownAddresses: [ListeningAddress]
    /// Whether anything is allowed: for commands that operators point at their own service.
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

    /// Only checks the syntax of addresses. Never use it for an address that a tenant wrote.
    package static let unrestricted = EgressPolicy(
        allowedRanges: [], isHTTPAllowed: true, ports: [], ownAddresses: [], isUnrestricted: true)

    /// Whether the operator allows private networks, and thus names that only exist there.
    package var reachesPrivateNetworks: Bool { isUnrestricted || !allowedRanges.isEmpty }
}

/// An address and port that this service listens on.
package struct ListeningAddress: Hashable, Sendable {
    /// 0.0.0.0 and `::` include every loopback address.
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
