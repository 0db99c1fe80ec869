import Foundation
import Notifications

/// Asks the system for a name's addresses. Blocks as long as the system's configuration allows.
struct SystemLookup: Sendable {
    /// Whether names are looked up exactly as given, without the machine's search domains.
    let isAbsolute: Bool

    func addresses(of name: String) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_protocol = Int32(IPPROTO_TCP)
        var first: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(isAbsolute ? name + "." : name, nil, &hints, &first)
        guard code == 0 else { throw Self.failure(code) }
        defer { freeaddrinfo(first) }
        var addresses: [IPAddress] = []
        var next = first
        while let info = next?.pointee {
            if let address = Self.address(in: info), !addresses.contains(address) { addresses.append(address) }
            next = info.ai_next
        }
        return addresses
    }

    /// Interprets an error of getaddrinfo(3).
    static func failure(_ code: Int32) -> any Error {
        switch code {
        case EAI_AGAIN, EAI_FAIL: LookupFailure.noAnswer
        case EAI_MEMORY, EAI_SYSTEM: LookupFailure.notAsked
        default: NameUnknown()
        }
    }

    /// Reads the address from its position in `sockaddr_in` and `sockaddr_in6` (ip(7), ipv6(7)): after family and port,
    /// and in IPv6 also after the flow label.
    private static func address(in info: addrinfo) -> IPAddress? {
        guard let raw = UnsafeRawPointer(info.ai_addr) else { return nil }
        switch info.ai_family {
        case AF_INET where info.ai_addrlen >= MemoryLayout<sockaddr_in>.size:
            return .v4(UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        case AF_INET6 where info.ai_addrlen >= MemoryLayout<sockaddr_in6>.size:
            return .v6(
                high: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                low: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self)))
        default:
            return nil
        }
    }
}
