import Notifications

/// What arrived before a delivery was made due again by hand or by a replay.
extension DeliveryExplanation.Arrival {
    /// The number and end of the first attempt that arrived before the delivery `d` was sent again; both NULL if it was
    /// not sent again or nothing had arrived by then.
    static let columns = """
        (SELECT min(f.number) FROM attempts f WHERE f.organization_id = d.organization_id
            AND f.delivery_id = d.delivery_id AND f.number <= d.attempts_before AND f.verdict = 'delivered'),
        (SELECT g.started_at + g.duration FROM attempts g WHERE g.organization_id = d.organization_id
            AND g.delivery_id = d.delivery_id AND g.number <= d.attempts_before AND g.verdict = 'delivered'
            ORDER BY g.number LIMIT 1)
        """

    init?(_ row: any SQLRow, from column: Int) {
        guard let attempt = row.optionalInteger(column), let at = row.optionalTime(column + 1) else { return nil }
        self.init(attempt: Int(attempt), at: at)
    }
}
