import Notifications

/// Why the repository did not do what was asked. Nothing has been changed, unless the case says so.
package enum RepositoryError: Error, Equatable, Sendable {
    /// The key is gone or has expired.
    case unauthenticated
    /// The organization, or the thing in it, does not exist; or the caller is not part of the organization, which
    /// must look the same.
    case notFound(String)
    /// The caller is known and may not. The refusal has been written to the audit log.
    case forbidden(String)
    case invalid(InvalidInput)
    /// Somebody else has changed the thing since; the version it has now.
    case staleVersion(current: Int64)
    /// The request contradicts the state of the thing: the last owner, a channel that is removed.
    case conflict(String)
    /// The same idempotency key came with another body.
    case idempotencyMismatch
    /// There is no room on the disk. Later there may be.
    case noSpace
    /// It would have read for too long: what is asked for has to be narrowed.
    case tooSlow
    /// Other reads of the same organization are under way, and it waited too long for them.
    case busy
    /// Whoever asked has left, so nothing was read to the end.
    case abandoned
    /// What is stored of it cannot be read, and that will not get better by itself: the text is for the log.
    case unreadable(String)
    /// The database could not do it now: the text is for the log.
    case unavailable(String)
}
