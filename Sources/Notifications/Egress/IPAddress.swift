import Foundation

/// An IPv4 or IPv6 address, without a zone: notifications cannot go to addresses that need one.
package enum IPAddress: Hashable, Sendable, CustomStringConvertible {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    /// Reads a canonical dotted quad (`127.0.0.1`, never `127.1`, `0177.0.0.1` or `2130706433`), or an IPv6 address in
    /// any spelling of RFC 4291, without brackets or a zone.
    package init?(_ text: some StringProtocol) {
        if let quad = Self.quad(text) {
            self = .v4(quad)
        } else if text.utf8.contains(UInt8(ascii: ":")), let words = Self.words(text) {
            self = .v6(high: words.high, low: words.low)
        } else {
            return nil
        }
    }

    /// The canonical spelling: a dotted quad, or RFC 5952 without brackets.
    package var description: String {
        switch self {
        case .v4(let bits):
            return [24, 16, 8, 0].map { String(bits >> UInt32($0) & 0xFF) }.joined(separator: ".")
        case .v6(let high, let low):
            var address = in6_addr()
            withUnsafeMutableBytes(of: &address) { bytes in
                bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
                bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            inet_ntop(AF_INET6, &address, &text, socklen_t(INET6_ADDRSTRLEN))
            return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// The bytes in network order: 4 or 16.
    package var bytes: [UInt8] {
        switch self {
        case .v4(let bits): withUnsafeBytes(of: bits.bigEndian, Array.init)
        case .v6(let high, let low):
            withUnsafeBytes(of: high.bigEndian, Array.init) + withUnsafeBytes(of: low.bigEndian, Array.init)
        }
    }

    /// Four decimal numbers from 0 to 255 without leading zeros. Parsed here because `inet_aton` accepts all historical
    /// spellings and `inet_pton` differs between C libraries.
    private static func quad(_ text: some StringProtocol) -> UInt32? {
        var bits: UInt32 = 0
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var number: UInt32 = 0
            for byte in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                number = number * 10 + UInt32(byte - UInt8(ascii: "0"))
            }
            guard number <= 255 else { return nil }
            bits = bits << 8 | number
        }
        return bits
    }

    private static func words(_ text: some StringProtocol) -> (high: UInt64, low: UInt64)? {
        guard text.utf8.count < Int(INET6_ADDRSTRLEN), !text.utf8.contains(0) else { return nil }
        var address = in6_addr()
        guard inet_pton(AF_INET6, String(text), &address) == 1 else { return nil }
        return withUnsafeBytes(of: &address) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}
