/// A sign-in to the pages.
package struct Session: Equatable, Sendable {
    package let principal: Principal
    /// When it ends at the latest, even if it is in use.
    package let endsAt: Timestamp

    package init(principal: Principal, endsAt: Timestamp) {
        self.principal = principal
        self.endsAt = endsAt
    }

    /// How long a session lasts without a request.
    package static let idle = Duration.seconds(30 * 60)
    /// How long a session lasts at most.
    package static let lifetime = Duration.seconds(8 * 3600)
    /// How long a one-time sign-in link can be used.
    package static let linkLifetime = Duration.seconds(15 * 60)
}
