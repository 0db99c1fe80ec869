import Notifications

/// Filters an audit log; nil means all.
package struct AuditFilter: Sendable {
    package var actor: String?
    package var action: String?
    package var target: String?
    /// Written at or after.
    package var since: Timestamp?
    /// Written before.
    package var until: Timestamp?

    /// Times are those of the entries: from `since` up to but not including `until`.
    package init(
        actor: String? = nil, action: String? = nil, target: String? = nil, since: Timestamp? = nil,
        until: Timestamp? = nil
    ) {
        self.actor = actor
        self.action = action
        self.target = target
        self.since = since
        self.until = until
    }
}

extension AuditFilter {
    /// The filter as SQL conditions.
    var conditions: [ColumnCondition] {
        [
            ColumnCondition("actor", "=", actor.map(SQLValue.text)),
            ColumnCondition("action", "=", action.map(SQLValue.text)),
            ColumnCondition("target", "=", target.map(SQLValue.text)),
            ColumnCondition("at", ">=", since.map { SQLValue($0) }),
            ColumnCondition("at", "<", until.map { SQLValue($0) }),
        ].compactMap { $0 }
    }
}
