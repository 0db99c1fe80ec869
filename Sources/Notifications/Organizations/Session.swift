/// Somebody who is signed in to the pages.
package struct Session: Equatable, Sendable {
    package let principal: Principal
    /// When it ends at the latest, however much it is used.
    package let endsAt: Timestamp

    package init(principal: Principal, endsAt: Timestamp) {
        self.principal = principal
        self.endsAt = endsAt
    }

    /// How long a session lives without a request.
    package static let idle = Duration.seconds(30 * 60)
    /// How long it lives at most.
    package static let lifetime = Duration.seconds(8 * 3600)
    /// How long a link that signs in once can be used.
    package static let linkLifetime = Duration.seconds(15 * 60)
}
