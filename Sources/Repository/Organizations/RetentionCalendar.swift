import Notifications

/// When retention visits each organization: a time in the organization's row, with an index. If nothing has expired,
/// the next visit is when the oldest item expires, so a round visits only organizations with something to delete.
package enum RetentionCalendar: Sendable {
    /// Events with everything that belongs to them, removed channels, and earlier versions of channels.
    case events
    case auditLog

    /// The longest time between two visits: otherwise a change of the wall clock would take effect much later.
    static let longest = Duration.seconds(86_400)
    /// Between two visits to an organization that had something deleted: an expired item waits at most this long.
    static let pause = Duration.seconds(3600)
    static let organizationsAtOnce = 500

    var dueAt: String {
        switch self {
        case .events: "retention_due_at"
        case .auditLog: "audit_retention_due_at"
        }
    }

    private var days: String {
        switch self {
        case .events: "retention_days"
        case .auditLog: "audit_retention_days"
        }
    }

    /// The time of the oldest item of each kind; NULL if there is none.
    private var oldest: [String] {
        switch self {
        case .events:
            [
                "SELECT e.received_at FROM events e WHERE e.organization_id = o.organization_id ORDER BY e.event_id LIMIT 1",
                """
                SELECT c.updated_at FROM channels c WHERE c.organization_id = o.organization_id AND c.state = 'removed'
                ORDER BY c.updated_at LIMIT 1
                """,
                """
                SELECT r.created_at FROM channel_revisions r WHERE r.organization_id = o.organization_id
                    AND \(Self.hasEarlierRevision) ORDER BY r.created_at LIMIT 1
                """,
            ]
        case .auditLog:
            ["SELECT a.at FROM audit_entries a WHERE a.organization_id = o.organization_id ORDER BY a.sequence LIMIT 1"]
        }
    }

    /// A channel version is kept while it is the newest one, and after that for as long as an event.
    static let hasEarlierRevision = """
        EXISTS (SELECT 1 FROM channel_revisions p WHERE p.organization_id = r.organization_id
            AND p.channel_id = r.channel_id AND p.version = r.version - 1)
        """

    /// Organizations that are due. A time too far ahead comes from before the wall clock was set back.
    var statement: String {
        """
        SELECT o.organization_id, o.\(dueAt), o.\(days), \(oldest.map { "(\($0))" }.joined(separator: ", "))
        FROM organizations o WHERE o.\(dueAt) <= $1 OR o.\(dueAt) > $2 LIMIT \(Self.organizationsAtOnce)
        """
    }

    var kinds: Int { oldest.count }
}
