import Notifications

/// The end of a run waits for the run's start at the same channel, until that start is tried a second time at the
/// latest. If it would be claimed first it is set aside, and triggers in the schema release it when the wait ends. So a
/// waiting delivery is examined once and costs later claims nothing.
extension Transaction {
    /// Roughly how many ends are set aside in one transaction, so that others can claim in between.
    private static let endsSetAsideAtOnce = 200

    /// Sets aside the ends that must wait among the first `count` due deliveries, until none of these has to wait.
    /// False if there are too many for one transaction.
    func setEndsAside(at channel: ChannelID, among count: Int) throws(RepositoryError) -> Bool {
        var (looked, next) = (0, count)
        while looked < Self.endsSetAsideAtOnce {
            let ends = try endsThatWait(at: channel, among: next)
            guard !ends.isEmpty else { return true }
            try connection.executeMany(
                "UPDATE deliveries SET waits_for = $3 WHERE organization_id = $1 AND delivery_id = $2",
                ends.map { [SQLValue(organization), SQLValue($0.end), SQLValue($0.start)] })
            looked += next
            next = min(2 * next, Self.endsSetAsideAtOnce)
        }
        return false
    }

    private func endsThatWait(
        at channel: ChannelID, among count: Int
    ) throws(RepositoryError) -> [(end: DeliveryID, start: DeliveryID)] {
        try connection.rows(
            Self.waitingEnds, [SQLValue(organization), SQLValue(channel), SQLValue(due), SQLValue(count)]
        ) { row in (row.id(0), row.id(1)) }
    }

    /// Whether an end has been set aside until the delivery is tried.
    static let waitingForStart = "SELECT 1 FROM deliveries WHERE organization_id = $1 AND waits_for = $2 LIMIT 1"

    /// Among the same deliveries that a claim takes, in the same order.
    static let waitingEnds = """
        SELECT delivery_id, start FROM (
            SELECT d.delivery_id, \(openStart) AS start FROM deliveries d
            WHERE \(isDue) AND d.due_at <= $3 ORDER BY d.due_at, d.delivery_id LIMIT $4) ends
        WHERE start IS NOT NULL
        """

    /// For a delivery `d`: the delivery of its run's start at the same channel, while that has to go first. If a run
    /// was started several times, the newest eight starts count, so a reused number costs no more.
    static let openStart = """
        (SELECT b.delivery_id FROM (
            SELECT s.event_id FROM events f \(PlannerHint.joinInOrder) events s
            WHERE f.organization_id = d.organization_id AND f.event_id = d.event_id AND f.type = 'test.finished'
                AND s.organization_id = f.organization_id AND s.load_test_run_id = f.load_test_run_id
                AND s.type = 'test.started'
            ORDER BY s.event_id DESC LIMIT 8) started
        \(PlannerHint.joinInOrder) deliveries b
        WHERE b.organization_id = d.organization_id AND b.event_id = started.event_id
            AND b.channel_id = d.channel_id AND b.state IN ('due', 'claimed') AND b.attempts <= 1
        LIMIT 1)
        """
}
