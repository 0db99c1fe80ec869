import Notifications

extension Repository {
    /// Counts what a replay would send, without changing anything. Throws `conflict` if the channel is disabled.
    ///
    /// Counts in pieces, each a read of its own, since a million events take longer than one read may. Like a ledger it
    /// rests between them: others wait for the same processors.
    package func planReplay(
        _ request: ReplayRequest, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> ReplayPlan {
        var (count, pace) = (ReplayCount(), LedgerPace())
        repeat {
            let (counted, begin) = (count, ContinuousClock.now)
            count = try await look(organization, .administer, "replay.plan", as: principal) {
                transaction throws(RepositoryError) in
                try transaction.count(request, behind: counted)
            }
            let rest = pace.rest(after: .now - begin)
            if let rest, count.cursor != nil { try? await Task.sleep(for: rest) }
        } while count.cursor != nil
        return count.plan(request)
    }

    /// Starts a replay, which `advanceReplay` carries out. Throws `conflict` if the channel is disabled or has a
    /// replay that has not ended.
    ///
    /// The total is counted before the write transaction: counting a million events inside it would block everyone who
    /// posts.
    package func startReplay(
        _ request: ReplayRequest, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Replay {
        let plan = try await planReplay(request, in: organization, as: principal)
        return try await change(organization, .administer, "replay.start", as: principal) {
            transaction throws(RepositoryError) in
            _ = try transaction.channelToReplay(request.channelID)
            try transaction.requireNoReplay(of: request.channelID)
            let replay = Replay(
                id: ReplayID(at: transaction.at), organizationID: organization, request: request,
                perMinute: plan.perMinute,
                state: .running, total: plan.count, requeued: 0, skipped: 0, actor: principal.actor,
                createdAt: transaction.at, updatedAt: transaction.at, finishedAt: nil)
            try transaction.insert(replay)
            try transaction.audit("replay.started", "replay:\(replay.id)", replay.shown)
            return replay
        }
    }

    /// Newest first.
    package func replays(
        of organization: OrganizationID, page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<Replay> {
        try await look(organization, .administer, "replays.list", as: principal) {
            transaction throws(RepositoryError) in
            let replays = try transaction.connection.rows(
                """
                SELECT \(Replay.columns) FROM replays WHERE organization_id = $1 AND replay_id < $2
                ORDER BY replay_id DESC LIMIT $3
                """,
                [
                    SQLValue(organization), SQLValue(try page.id(of: Replay.self) ?? .greatest),
                    SQLValue(page.limit + 1),
                ]
            ) { row in Replay(row, of: organization) }
            return Page(replays, limit: page.limit) { $0.id.text }
        }
    }

    /// The report: the replay, and the states of the deliveries that it made due.
    package func replay(
        _ id: ReplayID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (replay: Replay, deliveries: DeliveryCounts) {
        try await look(organization, .administer, "replay.read", as: principal) { transaction throws(RepositoryError) in
            (try transaction.replay(id), try transaction.deliveries(of: id))
        }
    }

    /// Pauses, resumes or cancels a replay. Deliveries that are already due stay due. Throws `conflict` if the replay's
    /// state does not allow the step.
    package func steerReplay(
        _ id: ReplayID, _ step: ReplayStep, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Replay {
        try await change(organization, .administer, "replay.\(step.rawValue)", as: principal) {
            transaction throws(RepositoryError) in
            let before = try transaction.replay(id)
            guard step.isAllowed(in: before.state) else { throw .conflict("The replay is \(before.state.rawValue).") }
            if step == .resume { _ = try transaction.channelToReplay(before.request.channelID) }
            try transaction.set(step.state, of: id)
            try transaction.audit(
                "replay.\(step.pastWord)", "replay:\(id)",
                ["channel_id": JSONValue(before.request.channelID), "requeued": .integer(before.requeued)])
            return try transaction.replay(id)
        }
    }
}

/// What can be done with a replay that has not ended.
package enum ReplayStep: String, CaseIterable, Sendable {
    case pause, resume, cancel

    fileprivate var state: ReplayState {
        switch self {
        case .pause: .paused
        case .resume: .running
        case .cancel: .cancelled
        }
    }

    fileprivate var pastWord: String {
        switch self {
        case .pause: "paused"
        case .resume: "resumed"
        case .cancel: "cancelled"
        }
    }

    fileprivate func isAllowed(in state: ReplayState) -> Bool {
        switch self {
        case .pause: state == .running
        case .resume: state == .paused
        case .cancel: state == .running || state == .paused
        }
    }
}

extension Transaction {
    /// A channel that takes deliveries now or once it is resumed.
    func channelToReplay(_ id: ChannelID) throws(RepositoryError) -> Channel {
        let channel = try channel(id)
        guard channel.state != .disabled else { throw .conflict("The channel is disabled; enable it first.") }
        return channel
    }

    fileprivate func requireNoReplay(of channel: ChannelID) throws(RepositoryError) {
        let found = try connection.row(
            """
            SELECT 1 FROM replays
            WHERE organization_id = $1 AND \(PlannerHint.equal("channel_id", "$2")) AND state IN ('running', 'paused')
            """, [SQLValue(organization), SQLValue(channel)]
        ) { row in row.integer(0) }
        guard found == nil else {
            throw .conflict("The channel already has a replay in progress. Wait for it, or cancel it.")
        }
    }

    fileprivate func deliveries(of replay: ReplayID) throws(RepositoryError) -> DeliveryCounts {
        var counts = DeliveryCounts()
        _ = try connection.rows(
            """
            SELECT \(Settlement.state) AS seen, count(*) FROM \(Delivery.table)
            WHERE d.organization_id = $1 AND \(PlannerHint.equal("d.replay_id", "$2")) GROUP BY seen
            """, [SQLValue(organization), SQLValue(replay)]
        ) { row in
            if let state = DeliveryState(rawValue: row.text(0)) { counts[state] = row.integer(1) }
        }
        return counts
    }
}
