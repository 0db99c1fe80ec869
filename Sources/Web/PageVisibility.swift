import Notifications
import WebServing

/// How browsers reach the pages.
package struct PageVisibility: Sendable {
    /// The origin that browsers see (`https://runbell.example.com`); nil when it is where the service listens.
    let origin: String?
    /// Whether cookies are for https alone.
    let isSecure: Bool
    /// The names under which the service may be asked, the one of `origin` among them.
    let hosts: [String]

    /// - Parameters:
    ///   - origin: what `RUNBELL_PUBLIC_URL` says.
    ///   - isLoopback: whether only this machine reaches the service. Plain http is taken for granted there, and https
    ///     everywhere else.
    ///   - hosts: further names that requests may be addressed to.
    package init(origin: String? = nil, isLoopback: Bool = true, hosts: [String] = []) {
        self.origin = origin
        self.hosts = hosts + [origin.flatMap(Self.host)].compactMap { $0 }
        isSecure = origin.map { $0.startsWithBytes(of: "https://") } ?? !isLoopback
    }

    private static func host(of origin: String) -> String? {
        origin.pieces(between: "/").last.flatMap { KnownHosts.host(of: String($0)) }
    }
}
