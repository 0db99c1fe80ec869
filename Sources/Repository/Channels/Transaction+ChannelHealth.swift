import Notifications

/// The table of receivers' health. A row exists only if there is something to remember.
extension Transaction {
    func health(of channel: ChannelID) throws(RepositoryError) -> ChannelHealth {
        try connection.row(Self.healthOfChannel, [SQLValue(organization), SQLValue(channel)]) { row in
            ChannelHealth(row)
        } ?? ChannelHealth()
    }

    static let healthOfChannel = """
        SELECT paced_until, held_until, held_code, held_text, failing_since, absences, rejections, finding_code,
            finding_text, opened_at, probe_at, probes, told_at, failed_at, failing_for
        FROM channel_health WHERE organization_id = $1 AND channel_id = $2
        """

    /// Writes it if it has changed.
    func save(
        _ health: ChannelHealth, of channel: ChannelID, replacing before: ChannelHealth
    ) throws(RepositoryError) {
        guard health != before else { return }
        try connection.execute(
            """
            INSERT INTO channel_health (organization_id, channel_id, paced_until, held_until, held_code, held_text,
                failing_since, absences, rejections, finding_code, finding_text, opened_at, probe_at, probes, told_at,
                failed_at, failing_for)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            ON CONFLICT (organization_id, channel_id) DO UPDATE SET
                paced_until = $3, held_until = $4, held_code = $5, held_text = $6, failing_since = $7, absences = $8,
                rejections = $9, finding_code = $10, finding_text = $11, opened_at = $12, probe_at = $13, probes = $14,
                told_at = $15, failed_at = $16, failing_for = $17
            """, [SQLValue(organization), SQLValue(channel)] + health.values)
    }

    /// The receiver is a different one now, or has proved healthy. The time of the last success is kept, and so is the
    /// pace: otherwise each change of a channel would allow another burst.
    func forgetHealth(of channel: ChannelID) throws(RepositoryError) {
        let before = try health(of: channel)
        var fresh = ChannelHealth()
        fresh.pacedUntil = before.pacedUntil
        try save(fresh, of: channel, replacing: before)
    }

    /// The address has changed, or the channel is enabled again: what the receiver asked for no longer holds, not even
    /// for deliveries that it has already refused. At most 500 of them become due now; any others keep their own times.
    func receiverIsKnownAnew(at channel: ChannelID) throws(RepositoryError) {
        try forgetHealth(of: channel)
        try connection.execute(
            """
            UPDATE deliveries SET due_at = $3
            WHERE organization_id = $1 AND attempts > attempts_before AND interruptions = 0 AND delivery_id IN (
                SELECT d.delivery_id FROM deliveries d WHERE \(Self.isDue) AND d.due_at > $3
                ORDER BY d.due_at LIMIT 500)
            """, [SQLValue(organization), SQLValue(channel), SQLValue(due)])
    }

    /// A pause is over: its time does not count as time spent trying.
    func noteResumption(of channel: ChannelID) throws(RepositoryError) {
        let before = try health(of: channel)
        var health = before
        health.resumed()
        try save(health, of: channel, replacing: before)
    }
}

extension ChannelHealth {
    /// A row of `healthOfChannel`.
    init(_ row: any SQLRow) {
        self.init()
        pacedUntil = row.time(0)
        heldUntil = row.time(1)
        heldBecause = row.optionalText(2).map { Finding($0, row.text(3)) }
        failingSince = row.optionalTime(4)
        absences = Int(row.integer(5))
        rejections = Int(row.integer(6))
        lastFinding = row.optionalText(7).map { Finding($0, row.text(8)) }
        circuit = row.optionalTime(9).map {
            Circuit(openedAt: $0, probeAt: row.time(10), probes: Int(row.integer(11)))
        }
        toldAt = row.optionalTime(12)
        failedAt = row.optionalTime(13)
        failingFor = .microseconds(row.integer(14))
    }

    /// In the table's order, starting with `paced_until`.
    fileprivate var values: [SQLValue] {
        [
            SQLValue(pacedUntil), SQLValue(heldUntil), SQLValue(heldBecause?.code), SQLValue(heldBecause?.text),
            SQLValue(failingSince), SQLValue(absences), SQLValue(rejections), SQLValue(lastFinding?.code),
            SQLValue(lastFinding?.text), SQLValue(circuit?.openedAt), SQLValue(circuit?.probeAt),
            SQLValue(circuit?.probes ?? 0), SQLValue(toldAt), SQLValue(failedAt), SQLValue(failingFor.microseconds),
        ]
    }
}
