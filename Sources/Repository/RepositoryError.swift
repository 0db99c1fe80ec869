import Notifications

/// Why the repository did not do what was asked. Nothing has been changed, unless the case says otherwise.
package enum RepositoryError: Error, Equatable, Sendable {
    /// The key is gone or has expired.
    case unauthenticated
    /// The organization, or the thing in it, does not exist; or the caller does not belong to the organization, which
    /// must look the same.
    case notFound(String)
    /// The caller is known but lacks the permission. The refusal has been written to the audit log.
    case forbidden(String)
    case invalid(InvalidInput)
    /// Somebody else has changed the thing meanwhile. `current` is its version now.
    case staleVersion(current: Int64)
    /// The request conflicts with the state of the thing: the last owner, a removed channel.
    case conflict(String)
    /// The form has been sent before, and then created what has this id.
    case alreadyCreated(String)
    /// The same idempotency key was used with another body.
    case idempotencyMismatch
    /// The disk is full. Later there may be space.
    case noSpace
    /// The read would have taken too long: the request has to be narrowed.
    case tooSlow
    /// Too many of the organization's reads are waiting, or this one waited too long.
    case busy
    /// The caller has gone, so the read was stopped.
    case abandoned
    /// Stored data cannot be read, and a retry will not help. The text is for the log.
    case unreadable(String)
    /// The database cannot do it now. The text is for the log.
    case unavailable(String)
}
