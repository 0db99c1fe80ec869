import Notifications

/// A change of a channel whose due deliveries have not all followed yet. The change itself is one small transaction.
/// The deliveries follow in pieces, and anyone who reads one meanwhile sees what the change has decided for it.
struct Settlement: Sendable {
    enum Kind: String, Sendable {
        /// Waiting deliveries have failed, or are skipped if never tried.
        case disabled
        /// Waiting deliveries are cancelled.
        case removed
        /// Waiting deliveries are sent, spaced; those of events received before a certain time are skipped.
        case resumed
    }

    /// It decides on deliveries with a lower generation.
    let generation: Int64
    let kind: Kind
    /// When the channel was changed.
    let at: Timestamp
    /// Deliveries due by then are spaced; those due later keep their time.
    let dueBy: Timestamp
    let spacing: Duration
    /// When the next spaced delivery is due.
    var nextAt: Timestamp
    var settled = 0
    var released = 0

    /// The time at which the next delivery is released.
    mutating func release(_ dueAt: Timestamp) -> Timestamp {
        released += 1
        guard dueAt <= dueBy else { return dueAt }
        defer { nextAt = nextAt + spacing }
        return nextAt
    }
}

/// The state of deliveries while settlements are open, as SQL over a delivery `d` and, after `join`, the settlement
/// `settling` that has decided on it, if any.
extension Settlement {
    /// The first open settlement of the channel that decides on a due delivery.
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
