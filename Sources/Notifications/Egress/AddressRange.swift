/// A range of addresses in CIDR notation (RFC 4632): `10.0.0.0/8`, `fd00::/8`. A single address is a range of one.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    package let base: IPAddress
    /// The prefix length: 0 to 32, or 0 to 128.
    package let prefix: Int

    /// Nil if the address is malformed, the length is out of range, or bits are set after the prefix (`10.0.0.1/8`):
    /// somebody who writes that may mean one address and would allow sixteen million.
    package init?(_ text: some StringProtocol) {
        let parts = text.pieces(between: "/")
        guard let first = parts.first, parts.count <= 2, let base = IPAddress(first) else { return nil }
        let width = base.width
        guard parts.count == 2 else {
            self.init(base: base, prefix: width)
            return
        }
        guard let prefix = Int(parts[1]), (0...width).contains(prefix), parts[1].sameBytes(as: String(prefix)),
            base.masked(to: prefix) == base
        else { return nil }
        self.init(base: base, prefix: prefix)
    }

    private init(base: IPAddress, prefix: Int) {
        self.base = base
        self.prefix = prefix
    }

    /// Whether an address of the same family is in the range.
    package func contains(_ address: IPAddress) -> Bool {
        address.width == base.width && address.masked(to: prefix) == base
    }

    package var description: String { "\(base)/\(prefix)" }
}

extension IPAddress {
    fileprivate var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// Clears all bits after the first `length`.
    fileprivate func masked(to length: Int) -> IPAddress {
        // Smart shifts: shifting by the full width or more gives zero.
        switch self {
        case .v4(let bits):
            .v4(bits & ~(UInt32.max >> UInt32(length)))
        case .v6(let high, let low):
            .v6(high: high & ~(UInt64.max >> UInt64(length)), low: low & ~(UInt64.max >> UInt64(max(0, length - 64))))
        }
    }
}
