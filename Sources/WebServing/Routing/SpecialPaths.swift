import Notifications

/// The paths that are treated in a way of their own before their route is found: by the name they may be asked under, by
/// what their body may be, and by how much of it comes in. Their routes take them from here.
package enum SpecialPaths {
    package static let health = "/healthz"
    package static let readiness = "/readyz"
    package static let events = "/v1/events"
    package static let eventBatch = "/v1/events/batch"
    /// Where browsers report that a page broke its content security policy.
    package static let policyReports = "/csp-reports"

    /// Supervisors may ask for the health under any name.
    package static func isHealth(_ path: String) -> Bool { path.sameBytes(as: health) || path.sameBytes(as: readiness) }

    /// Whether events are posted there.
    static func takesEvents(_ path: String) -> Bool { path.sameBytes(as: events) || path.sameBytes(as: eventBatch) }

    /// Whether a path takes bodies of callers without a key or a session.
    static func isForStrangers(_ path: String) -> Bool {
        path.startsWithBytes(of: "/log") || path.sameBytes(as: policyReports)
    }
}
