import Notifications

/// How a read shares the database with others. For each kind a driver promises which reads wait for which, and when it
/// gives up.
package enum DatabaseRead: Sendable, Hashable {
    /// A few rows by key: authentication, readiness. Some readers are reserved for these, so they wait for no other
    /// kind. One that takes too long ends with `.unavailable`.
    case short
    /// A list or a sum that a caller waits for, charged to an organization (to the operator if nil). Few run at once
    /// for each; others wait for them, for a limited time (`RepositoryError.busy`). A read that takes too long ends
    /// (`.tooSlow`), and so does one whose task is cancelled.
    case long(of: OrganizationID?)
    /// The service's own reads, one at a time. No request could be narrowed, so they may take longer.
    case own
}

extension DatabaseRead {
    /// A driver's failure as callers get it. A few rows by key take long only if the database is in trouble: no caller
    /// could ask for less, and whoever posts an event has to come again.
    package func failure(_ error: RepositoryError) -> RepositoryError {
        guard self == .short, error == .tooSlow else { return error }
        return .unavailable("a few rows could not be read in time")
    }
}

/// How much a method of the repository reads.
enum ReadLength {
    /// A few rows by key.
    case short
    /// Any number of rows.
    case long

    func read(of organization: OrganizationID) -> DatabaseRead {
        switch self {
        case .short: .short
        case .long: .long(of: organization)
        }
    }
}
