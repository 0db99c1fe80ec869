/// How browsers reach the pages.
package struct PageVisibility: Sendable {
    /// The origin that browsers see (`https://runbell.example.com`); nil when it is where the service listens.
    let origin: String?
    /// Whether cookies are for https alone.
    let isSecure: Bool

    /// - Parameters:
    ///   - origin: what `RUNBELL_PUBLIC_URL` says.
    ///   - isLoopback: whether only this machine reaches the service. Plain http is taken for granted there, and https
    ///     everywhere else.
    package init(origin: String? = nil, isLoopback: Bool = true) {
        self.origin = origin
        isSecure = origin.map { $0.hasPrefix("https://") } ?? !isLoopback
    }
}
