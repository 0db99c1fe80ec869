import Notifications
import Repository
import TestSupport

@testable import EventRouting

/// What must hold whenever nothing more happens by itself, and at the end.
extension SimulatedWorld {
    fileprivate struct Waiting: Sendable {
        let delivery: DeliveryID
        let queue: ChannelQueue
        let kind: String
        let host: String?
        let isBehindItsStart: Bool
        let health: ChannelHealth
    }

    /// Whatever is due and could be sent has been sent; whatever is claimed is in flight in the running process.
    func checkRest() async throws {
        guard let engine, time.steady - failedAt > .seconds(10) else { return }
        let now = scheduled()
        let (waiting, claimed) = try await rows(dueBefore: now - .seconds(1))
        for row in waiting where !row.isBehindItsStart && hasRoom(row) {
            witness.expect(!isProbeMissing(row, at: now), "\(row.queue.channelID) is not probed")
            let rate = repository.kinds.kind(row.kind)?.rate
            guard case .now = row.health.allowance(at: now, rate: rate, wanted: 1) else { continue }
            witness.expect(false, "\(row.delivery) waits although there is room")
        }
        let known = Set(engine.underWay.keys.map { "\($0.delivery) \($0.token)" })
        for claim in claimed where !known.contains(claim) {
            witness.expect(false, "\(claim) is claimed by nobody")
        }
    }

    /// The first probe goes out half a minute after the circuit opened, whatever was in flight then.
    private func isProbeMissing(_ row: Waiting, at now: Timestamp) -> Bool {
        let record = witness.channels[row.queue.channelID]
        guard let since = record?.openSince, record?.lastProbe == nil, row.health.heldUntil <= now else { return false }
        return time.steady - since > .seconds(33)
    }

    private func hasRoom(_ row: Waiting) -> Bool {
        let limits = SimulationPlan.limits
        let all = witness.sending.values
        return witness.hasRoom(for: row.queue) && all.count { $0.queue == row.queue } < limits.window.lowerBound
            && all.count { $0.queue.organizationID == row.queue.organizationID } < limits.organization
            && all.count { $0.host == row.host } < limits.host
    }

    private func rows(dueBefore time: Timestamp) async throws -> (waiting: [Waiting], claimed: [String]) {
        try await database.write { connection throws(RepositoryError) in
            let claimed = try connection.rows(
                "SELECT delivery_id, fencing_token FROM deliveries WHERE state = 'claimed'", []
            ) { row in "\(row.id(0) as DeliveryID) \(row.integer(1))" }
            let waiting = try connection.rows(Self.waiting, [SQLValue(time)]) { row in Waiting(row) }
            return (waiting, claimed)
        }
    }

    private static let waiting = """
        SELECT d.delivery_id, d.organization_id, d.channel_id, c.kind, c.host, h.paced_until, h.held_until, h.opened_at,
            h.probe_at, EXISTS (
                SELECT 1 FROM events s JOIN deliveries b
                    ON b.organization_id = s.organization_id AND b.event_id = s.event_id
                WHERE e.type = 'test.finished' AND s.type = 'test.started' AND s.load_test_run_id = e.load_test_run_id
                    AND b.channel_id = d.channel_id AND b.state IN ('due', 'claimed') AND b.attempts <= 1)
        FROM deliveries d
        JOIN channels c ON c.organization_id = d.organization_id AND c.channel_id = d.channel_id
        JOIN events e ON e.organization_id = d.organization_id AND e.event_id = d.event_id
        LEFT JOIN channel_health h ON h.organization_id = d.organization_id AND h.channel_id = d.channel_id
        WHERE d.state = 'due' AND d.due_at <= $1 AND c.state = 'enabled' AND d.generation = c.generation
        """

    /// The service disables a channel after five rejections in a row, when the receiver says that it is gone, or after
    /// five days of failures; and only then.
    ///
    /// - Parameter results: what was just written together about this channel.
    func checkPatience(with id: ChannelID, after results: [DeliveryResult]) async throws {
        let record = witness.channels[id, default: .init()]
        let isDisabled = try await isDisabled(id)
        guard !record.isDisabled else { return }
        witness.channels[id]?.isDisabled = isDisabled
        let isGone = results.contains { $0.outcome.disablesChannel != nil }
        let mayBe = record.rejections >= 5 || isGone || damaged.contains(id)
        let isEarly = record.failingFor < ChannelHealth.patience - .seconds(60)
        witness.expect(!isDisabled || mayBe || !isEarly, "\(id) is disabled after \(record.failingFor)")
        let isLate = record.failingFor > ChannelHealth.patience + .seconds(60) && !plan.leavesThieves
        let isThere = channels.values.contains { $0.contains(id) }
        witness.expect(isDisabled || !isLate || !isThere, "\(id) is tried for \(record.failingFor)")
    }

    func isDisabled(_ channel: ChannelID) async throws -> Bool {
        try await count("SELECT count(*) FROM channels WHERE channel_id = $1 AND state = 'disabled'", SQLValue(channel))
            > 0
    }

    /// Once receivers are well and had enough time, nothing is left, the books balance and the audit chains verify.
    func checkEnd() async throws {
        let open = try await count(
            """
            SELECT count(*) FROM deliveries d JOIN channels c
                ON c.organization_id = d.organization_id AND c.channel_id = d.channel_id
            WHERE d.state IN ('due', 'claimed') AND c.state = $1
            """, "enabled")
        witness.expect(open == 0, "\(open) deliveries are left")
        let unbalanced = try await count(
            """
            SELECT count(*) FROM events e WHERE e.type <> $1 AND e.channels <> (
                SELECT count(*) FROM deliveries d
                WHERE d.organization_id = e.organization_id AND d.event_id = e.event_id)
            """, "")
        witness.expect(unbalanced == 0, "\(unbalanced) events lack deliveries")
        try await checkArrivals()
        for organization in SimulationGround.organizations { try await checkAuditLog(of: organization) }
    }

    /// What counts as delivered has arrived, at most once per attempt, and again only if something broke in between.
    private func checkArrivals() async throws {
        let delivered = try await database.write { connection throws(RepositoryError) in
            try connection.rows("SELECT delivery_id FROM deliveries WHERE state = 'delivered'", []) { row in
                let id: DeliveryID = row.id(0)
                return id
            }
        }
        for id in delivered {
            let record = witness.deliveries[id, default: .init()]
            witness.expect(record.arrivals >= 1, "\(id) counts as delivered and never arrived")
            witness.expect(record.arrivals <= 1 + record.excuses, "\(id) arrived \(record.arrivals) times")
        }
    }

    private func checkAuditLog(of organization: OrganizationID) async throws {
        let entries = try await repository.auditEntries(
            after: 0, limit: 1000, of: organization, as: people.owners[organization] ?? .operator)
        var previous = AuditChain.genesis
        for entry in entries {
            let isRight = repository.auditAuthenticity.isAuthentic(entry) && entry.previousHash == previous
            witness.expect(isRight, "audit entry \(entry.sequence) was changed")
            previous = entry.hash
        }
    }
}

extension SimulatedWorld.Waiting {
    fileprivate init(_ row: any SQLRow) {
        var health = ChannelHealth()
        health.pacedUntil = row.time(5)
        health.heldUntil = row.time(6)
        health.circuit = row.optionalTime(7).map { .init(openedAt: $0, probeAt: row.time(8), probes: 0) }
        self.init(
            delivery: row.id(0), queue: ChannelQueue(organizationID: row.number(1), channelID: row.id(2)),
            kind: row.text(3),
            host: row.optionalText(4), isBehindItsStart: row.integer(9) != 0, health: health)
    }
}
