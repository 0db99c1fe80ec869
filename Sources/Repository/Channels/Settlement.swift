import Notifications

/// A change of a channel that what is due there has not followed yet. The change itself is one small transaction; the
/// deliveries follow in pieces, and whoever reads one meanwhile sees what the change has decided on it.
struct Settlement: Sendable {
    enum Kind: String, Sendable {
        /// What waits has failed, or is skipped when it was never tried.
        case disabled
        /// What waits is cancelled.
        case removed
        /// What waits goes, spaced; what was received before a moment is skipped.
        case resumed
    }

    /// It decides on what has a lower one.
    let generation: Int64
    let kind: Kind
    /// When the channel was changed.
    let at: Timestamp
    /// What was due by then is spaced; what is due later keeps its time.
    let dueBy: Timestamp
    let spacing: Duration
    /// When the next of those that are spaced is due.
    var nextAt: Timestamp
    var settled = 0
    var released = 0

    /// The time of the next one that is let go.
    mutating func release(_ dueAt: Timestamp) -> Timestamp {
        released += 1
        guard dueAt <= dueBy else { return dueAt }
        defer { nextAt = nextAt + spacing }
        return nextAt
    }
}

/// What deliveries are while settlements are open, in SQL over a delivery `d` and, after `join`, the settlement
/// `settling` that has decided on it, if one has.
extension Settlement {
    /// The first of the channel's open settlements that decides on a delivery that is due.
    static let join = """
        LEFT JOIN settlements settling ON settling.organization_id = d.organization_id
            AND settling.channel_id = d.channel_id AND settling.generation = CASE d.state WHEN 'due' THEN (
                SELECT t.generation FROM settlements t
                WHERE t.organization_id = d.organization_id AND t.channel_id = d.channel_id
                    AND t.generation > d.generation AND (t.kind <> 'resumed' OR EXISTS (
                        SELECT 1 FROM events x WHERE x.organization_id = d.organization_id
                            AND x.event_id = d.event_id AND x.received_at < t.skip_before))
                ORDER BY t.generation LIMIT 1) END
        """

    static let state = """
        CASE WHEN settling.kind IS NULL THEN d.state WHEN settling.kind = 'removed' THEN 'cancelled'
            WHEN settling.kind = 'disabled' AND d.attempts > 0 THEN 'failed' ELSE 'skipped' END
        """

    static let reason = """
        CASE settling.kind WHEN 'disabled' THEN 'channel_disabled' WHEN 'removed' THEN 'channel_removed'
            WHEN 'resumed' THEN 'channel_paused' ELSE d.reason END
        """

    static let updatedAt = "coalesce(settling.at, d.updated_at)"

    static let columns = "generation, kind, at, due_by, spacing, next_at, settled, released"

    init?(_ row: any SQLRow) {
        guard let kind = Kind(rawValue: row.text(1)) else { return nil }
        self.init(
            generation: row.integer(0), kind: kind, at: row.time(2), dueBy: row.time(3),
            spacing: .microseconds(row.integer(4)), nextAt: row.time(5), settled: Int(row.integer(6)),
            released: Int(row.integer(7)))
    }
}
