import Notifications
import Synchronization

/// The hosts that requests may be addressed to. A foreign page whose name was made to resolve to this service (DNS
/// rebinding) sends that name, and is refused. IP addresses are always accepted, since they cannot be rebound.
package struct KnownHosts: Sendable {
    private let names: Set<ForeignText>
    private let lastTaken = LastTaken()

    /// Clients of a service use the same one again and again.
    private final class LastTaken: Sendable {
        let authority = Mutex("")
    }

    /// - Parameter names: host names, without ports.
    init(_ names: [String]) {
        self.names = Set((names + ["localhost"]).map { ForeignText($0.lowercased()) })
    }

    /// - Parameter authority: the value of `Host`: a name or an address, with an optional port.
    func take(_ authority: String) -> Bool {
        if lastTaken.authority.withLock({ $0.sameBytes(as: authority) }) { return !authority.isEmpty }
        guard let host = Self.host(of: authority), IPAddress(host) != nil || names.contains(ForeignText(host)) else {
            return false
        }
        lastTaken.authority.withLock { $0 = authority }
        return true
    }

    /// Lower case, without port and brackets; nil if it is not a valid host.
    package static func host(of authority: String) -> String? {
        guard authority.utf8.count <= 300, authority.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let text = authority.lowercased()
        guard text.startsWithBytes(of: "[") else {
            let parts = text.pieces(between: ":")
            return parts.count <= 2 && isPort(parts.dropFirst().first) ? String(parts[0]) : nil
        }
        let parts = String(decoding: text.utf8.dropFirst(), as: UTF8.self).pieces(between: "]", atMost: 2)
        guard parts.count == 2 else { return nil }
        let port = parts[1].pieces(between: ":")
        return port.count <= 2 && port[0].isEmpty && isPort(port.dropFirst().first) ? String(parts[0]) : nil
    }

    /// An empty port means the scheme's default (RFC 3986, section 3.2.3).
    private static func isPort(_ text: Substring?) -> Bool {
        guard let text else { return true }
        return text.utf8.count <= 5 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
