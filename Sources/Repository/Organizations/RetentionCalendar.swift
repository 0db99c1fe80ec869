import Notifications

/// When each organization is looked at for what it keeps too long: a time in its row, with an index. Whoever has nothing
/// to give up is put off until its oldest is old enough, so that a round visits only those that have.
package enum RetentionCalendar: Sendable {
    /// Events with what hangs on them, removed channels, earlier versions of channels.
    case events
    case auditLog

    /// Nobody is put off for longer: a clock that was set would else show only much later.
    static let longest = Duration.seconds(86_400)
    /// Between two visits of an organization that gives something up: what is too old waits up to so long.
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

    /// Since when the oldest of each kind is kept; NULL when there is none.
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

    /// A version of a channel is kept for as long as it was the newest one, and then as long as an event.
    static let hasEarlierRevision = """
        EXISTS (SELECT 1 FROM channel_revisions p WHERE p.organization_id = r.organization_id
            AND p.channel_id = r.channel_id AND p.version = r.version - 1)
        """

    /// Those whose time has come. A time too far ahead is of a clock that was set back since.
    var statement: String {
        """
        SELECT o.organization_id, o.\(dueAt), o.\(days), \(oldest.map { "(\($0))" }.joined(separator: ", "))
        FROM organizations o WHERE o.\(dueAt) <= $1 OR o.\(dueAt) > $2 LIMIT \(Self.organizationsAtOnce)
        """
    }

    var kinds: Int { oldest.count }
}
