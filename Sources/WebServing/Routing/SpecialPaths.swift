import Notifications

/// Paths that are treated specially before their route is found: which host names they accept, what their body may be,
/// and how large it may be. Their routes use these constants.
package enum SpecialPaths {
    package static let health = "/healthz"
    package static let readiness = "/readyz"
    package static let events = "/v1/events"
    package static let eventBatch = "/v1/events/batch"
    package static let recognition = "/v1/channel-kinds/recognize"
    /// HipChat's API, version 2, as far as old CI jobs use it.
    package static let roomNotification = "/v2/room/:room/notification"
    /// Where browsers report violations of the content security policy.
    package static let policyReports = "/csp-reports"

    /// Health checks may use any host name.
    package static func isHealth(_ path: String) -> Bool { path.sameBytes(as: health) || path.sameBytes(as: readiness) }

    /// Whether events are posted to this path.
    static func takesEvents(_ path: String) -> Bool {
        path.sameBytes(as: events) || path.sameBytes(as: eventBatch) || isRoomNotification(path)
    }

    /// Whether a request to this path is a Test Hook, which waits for a receiver.
    static func isTest(_ path: String) -> Bool { path.endsInBytes(of: "/test") }

    /// Whether a request that has a body changes nothing, or is answered with a page. Writing a page takes as much work
    /// as many events.
    static func costsLikeReading(_ path: String) -> Bool {
        path.startsWithBytes(of: "/organizations/") || path.sameBytes(as: recognition)
            || path.startsWithBytes(of: "/v1/organizations/") && path.endsInBytes(of: "/channels/preview")
    }

    /// Whether a path is below the API's.
    static func isOfAPI(_ path: String) -> Bool { path.startsWithBytes(of: "/v1/") }

    /// Whether requests for this path may wait for events.
    static func waits(_ path: String) -> Bool {
        path.startsWithBytes(of: "/v1/organizations/") && path.endsInBytes(of: "/events/live")
    }

    /// Whether refusals are answered in the form of HipChat's API.
    static func speaksHipChat(_ path: String) -> Bool { path.startsWithBytes(of: "/v2/") }

    /// Rooms may have any name, percent-encoded. The path takes texts beside JSON, and keys in the query, too.
    static func isRoomNotification(_ path: String) -> Bool {
        guard path.startsWithBytes(of: "/v2/room/"), path.endsInBytes(of: "/notification") else { return false }
        let parts = path.pieces(between: "/")
        return parts.count == 5 && !parts[3].isEmpty
    }

    /// Whether a path takes bodies from callers without a key or a session.
    static func isForStrangers(_ path: String) -> Bool {
        path.startsWithBytes(of: "/log") || path.startsWithBytes(of: "/mail/") || path.sameBytes(as: policyReports)
    }
}
