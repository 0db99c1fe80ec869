import Notifications

/// What a read means to everybody else who shares the database with it. A driver promises for each kind who waits for
/// whom, and when it gives up.
package enum DatabaseRead: Sendable, Hashable {
    /// A few rows by their keys: who presents a key, whether the database answers. Readers are kept for these, so they
    /// wait for no other kind.
    case short
    /// A list or a sum that somebody waits for, at the expense of an organization (of the operator, where it is nil).
    /// Few run at once for each; further ones wait for those, for a limited time (`RepositoryError.busy`). One that
    /// takes too long ends (`.tooSlow`), and so does one whose task is cancelled.
    case long(of: OrganizationID?)
    /// The service's own, one at a time. There is no request that could be narrowed, so it may take longer.
    case own
}

/// How much a method of the repository reads.
enum ReadLength {
    /// A few rows by their keys.
    case short
    /// As much as there is.
    case long

    func read(of organization: OrganizationID) -> DatabaseRead {
        switch self {
        case .short: .short
        case .long: .long(of: organization)
        }
    }
}
