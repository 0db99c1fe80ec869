import Notifications
import WebServing

/// How browsers reach the pages.
package struct PageVisibility: Sendable {
    /// The origin that browsers see (`https://runbell.example.com`); nil if it is the address that the service listens
    /// on.
    let origin: String?
    /// Whether cookies are only sent over https.
    let isSecure: Bool
    /// The host names that requests may be addressed to, including the one of `origin`.
    let hosts: [String]

    /// - Parameters:
    ///   - origin: the value of `RUNBELL_PUBLIC_URL`.
    ///   - isLoopback: whether the service is reachable from this machine only. Then plain http is assumed, otherwise
    ///     https.
    ///   - hosts: additional names that requests may be addressed to.
    package init(origin: String? = nil, isLoopback: Bool = true, hosts: [String] = []) {
        self.origin = origin
        self.hosts = hosts + [origin.flatMap(Self.host)].compactMap { $0 }
        isSecure = origin.map { $0.startsWithBytes(of: "https://") } ?? !isLoopback
    }

    private static func host(of origin: String) -> String? {
        origin.pieces(between: "/").last.flatMap { KnownHosts.host(of: String($0)) }
    }
}
