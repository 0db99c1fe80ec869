/// Hosts other than a service's own that speak its protocol: `host` or `host:port`, in lower case.
package struct OtherHosts: Equatable, Sendable, ExpressibleByArrayLiteral {
    private var hosts: Set<ForeignText>

    package init(arrayLiteral hosts: String...) {
        self.hosts = Set(hosts.map { ForeignText($0) })
    }

    /// Whether a text is a host, as `chat.example.com` or `127.0.0.1:9000`.
    static func isHost(_ text: String) -> Bool {
        guard let url = try? OutboundURL(parsing: "https://\(text)") else { return false }
        return url.target.sameBytes(as: "/") && !text.utf8.contains(UInt8(ascii: "/"))
    }

    /// Adds a host without checking it.
    package mutating func insert(_ host: String) { hosts.insert(ForeignText(host.lowercased())) }

    /// Whether the operator has named the address's host.
    package func contains(_ url: OutboundURL) -> Bool {
        let host = url.host.utf8.contains(UInt8(ascii: ":")) ? "[\(url.host)]" : url.host
        return [host, "\(host):\(url.port)"].contains { hosts.contains(ForeignText($0)) }
    }
}

extension URLRule {
    /// A service's rule for its own addresses. At the hosts that the operator named for the service, any path is
    /// accepted.
    static func own(
        or hosts: OtherHosts, _ error: @escaping @Sendable (OutboundURL) -> String?
    ) -> URLRule {
        URLRule { url in hosts.contains(url) ? nil : error(url) }
    }

    /// The address of a server that organizations run themselves, without a path, which is the service's.
    static let server = URLRule { url in
        url.target.sameBytes(as: "/")
            ? nil
            : "Only the server's own address is needed, without a path: \(url.scheme.rawValue)://\(url.hostHeader)."
    }
}
