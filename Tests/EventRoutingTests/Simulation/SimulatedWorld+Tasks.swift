import Notifications
import Repository
import TestSupport

@testable import EventRouting

/// Replays and removals, which wait for their time like deliveries: users plan them, and the running process's
/// maintenance carries them out.
extension SimulatedWorld {
    private static let perMinute = 6
    private static let spacing = Duration.seconds(60) / perMinute

    /// Plans something to wait for, well before the wall clock is set.
    func planForLater() async throws {
        for _ in 0..<2 { try await postARun() }
        guard let (_, id) = aChannel() else { return }
        if happens(0.5) {
            try await planRemoval(of: id, isMeant: true)
        } else {
            agenda.add(.replay(id), at: time.steady + .seconds(12))
        }
        let isSetAt = time.steady + .milliseconds(Int.random(in: 1...50_000, using: &generator))
        agenda.add(.setClock, at: isSetAt)
        guard plan.hasCrashes else { return }
        agenda.add(.stop(for: .seconds(Int.random(in: 1...20, using: &generator))), at: isSetAt + .seconds(2))
    }

    /// Sends again whatever is finished at a channel.
    func startAReplay(at id: ChannelID) async throws {
        let owned = channels.first { $0.value.contains(id) && !damaged.contains(id) }
        guard let organization = owned?.key, let owner = people.owners[organization],
            try await repository.channel(id, of: organization, as: owner).state == .enabled,
            try await count("SELECT count(*) FROM replays WHERE channel_id = $1 AND state = 'running'", SQLValue(id))
                == 0
        else { return }
        let far = Duration.seconds(30 * 86_400)
        let request = ReplayRequest(
            channelID: id, since: clock.now - far, until: clock.now + far, selection: [.delivered, .failed],
            perMinute: Self.perMinute)
        let replay = try await repository.startReplay(request, in: organization, as: owner)
        witness.replays[replay.id] = time.steady
        doTasksLater()
    }

    func doTasksLater() {
        guard !hasTasks, !witness.removals.isEmpty || !witness.replays.isEmpty else { return }
        hasTasks = true
        agenda.add(.tasks, at: time.steady + .seconds(2) + jitter(milliseconds: 1000))
    }

    func doTasks() async throws {
        hasTasks = false
        if engine != nil, time.steady >= stalledUntil {
            try await removeChannels()
            try await advanceReplays()
        }
        doTasksLater()
    }

    /// Notes that a channel is gone, removed by hand or as planned.
    func isRemoved(_ id: ChannelID) {
        for organization in channels.keys { channels[organization]?.removeAll { $0 == id } }
        witness.removals[id] = nil
    }

    private func removeChannels() async throws {
        try await maintenance.removePlannedChannels()
        for (id, plannedAt) in witness.removals {
            let isGone =
                try await count(
                    "SELECT count(*) FROM channels WHERE channel_id = $1 AND state = 'removed'", SQLValue(id)) > 0
            let isTime = time.steady - plannedAt >= Repository.removalDelay
            witness.expect(isTime || !isGone, "\(id) is removed after \(time.steady - plannedAt)")
            witness.expect(!isTime || isGone, "\(id) is still there after \(time.steady - plannedAt)")
            if isGone { isRemoved(id) }
        }
    }

    private func advanceReplays() async throws {
        for (organization, id) in try await deliveries.replaysToAdvance() {
            let before = try await deliveries(of: id)
            guard let progress = try await deliveries.advanceReplay(id, of: organization) else { continue }
            witness.replayed(id, try await deliveries(of: id).subtracting(before), Self.spacing, at: time.steady)
            if progress.requeued > 0 { hear(.woken([(progress.queue, nil)])) }
        }
        for (id, nextAt) in witness.replays where nextAt <= time.steady {
            let open = try await count(
                """
                SELECT count(*) FROM replays r WHERE replay_id = $1 AND state = 'running' AND NOT EXISTS (
                    SELECT 1 FROM settlements s WHERE s.channel_id = r.channel_id)
                """, SQLValue(id))
            witness.expect(open == 0 || nextAt == time.steady, "\(id) does not go on \(time.steady - nextAt) later")
            if try await isOver(id) { witness.replays[id] = nil }
        }
    }

    private func isOver(_ id: ReplayID) async throws -> Bool {
        try await count("SELECT count(*) FROM replays WHERE replay_id = $1 AND state = 'running'", SQLValue(id)) == 0
    }

    private func deliveries(of replay: ReplayID) async throws -> Set<DeliveryID> {
        try await database.write { connection throws(RepositoryError) in
            let found = try connection.rows(
                "SELECT delivery_id FROM deliveries WHERE replay_id = $1", [SQLValue(replay)]
            ) { row in row.id(0) as DeliveryID }
            return Set(found)
        }
    }
}

extension Witness {
    /// A piece of a replay was made due. What had arrived before should arrive again, and what was given up when its
    /// channel was disabled is wanted after all.
    fileprivate mutating func replayed(
        _ id: ReplayID, _ taken: Set<DeliveryID>, _ spacing: Duration, at now: Duration
    ) {
        let mayGoOn = replays[id] ?? .zero
        expect(now >= mayGoOn, "\(id) goes on \(mayGoOn - now) too soon")
        replays[id] = now + spacing * taken.count
        for delivery in taken {
            deliveries[delivery, default: DeliveryRecord()].attemptsOfRound = 0
            deliveries[delivery]?.notBefore = .zero
            deliveries[delivery]?.excuses += 1
            decided.remove(delivery)
        }
    }
}
