import Notifications
import Repository
import TestSupport

@testable import EventRouting

/// What happens to the nodes.
extension SeveralNodes {
    func start(_ name: String) async throws {
        guard nodes[name] == nil else { return }
        count += 1
        let process = Process(name: name, number: count)
        nodes[name] = Running(process: process, engine: EngineState(limits: Self.limits, at: clock.moment))
        held[process] = [:]
        changedAt = time.steady
        let queues = try await stores.deliveries.begin(as: Node(id: name))
        hear(.began(queues), by: process)
        hear(.nodesChanged, by: process)
        tell(.nodesChanged, from: process)
        agenda.add(.tick(process), at: time.steady + .milliseconds(Int.random(in: 1...250, using: &generator)))
    }

    /// One node at a time has trouble, unless chance wants more.
    func disturb() async throws {
        guard !isHealed, let name = nodes.keys.sorted().randomElement(using: &generator), let node = nodes[name] else {
            return
        }
        changedAt = time.steady
        switch Int.random(in: 0..<4, using: &generator) {
        case 0, 1:
            die(node.process)
            let pause = Bool.random(using: &generator) ? 500 : 60_000
            agenda.add(.start(name), at: time.steady + .milliseconds(Int.random(in: 100...pause, using: &generator)))
            agenda.add(.checkGone(node.process), at: time.steady + .seconds(40))
        case 2:
            let pause = Duration.milliseconds(Int.random(in: 1000...60_000, using: &generator))
            // What it would have done waits until then, so no second trouble shortens the first.
            nodes[name]?.frozenUntil = max(node.frozenUntil, time.steady + pause)
            excuse(node.process)
            agenda.add(.goOn(name), at: time.steady + pause)
        default:
            // It gives back what it holds; its results come too late.
            excuse(node.process)
            nodes[name] = nil
            held[node.process] = nil
            try await stores.deliveries.leave(Node(id: name))
            tell(.nodesChanged, from: node.process)
            agenda.add(.start(name), at: time.steady + .seconds(Int.random(in: 1...60, using: &generator)))
        }
    }

    private func die(_ process: Process) {
        excuse(process)
        nodes[process.name] = nil
        held[process] = nil
    }

    private func excuse(_ process: Process) {
        for id in held[process, default: [:]].keys { excuses[id, default: 0] += 1 }
    }

    func heal() {
        isHealed = true
        for name in Self.names {
            agenda.add(.start(name), at: time.steady + .seconds(2))
        }
    }

    /// Forty seconds after a node died, the others have what it held, if they were there.
    func checkGone(_ process: Process) async throws {
        let longAgo = time.steady - .seconds(40)
        let isOtherThere = nodes.values.contains { $0.frozenUntil <= longAgo }
        guard nodes[process.name] == nil, changedAt <= longAgo, isOtherThere else { return }
        let left = try await number(
            "SELECT count(*) FROM deliveries WHERE state = 'claimed' AND lease_owner = '\(process.name)'")
        expect(left == 0, "\(process.name) is dead and still holds \(left) deliveries")
        let dueAt = (clock.scheduled - .seconds(36)).microseconds
        let late = try await database.write { connection throws(RepositoryError) in
            try connection.rows(
                "SELECT DISTINCT channel_id FROM deliveries WHERE state = 'due' AND due_at < $1", [SQLValue(dueAt)]
            ) { row in row.id(0) as ChannelID }
        }
        // Slow receivers may take all the room that the nodes have for the organization.
        let isFull = sending.values.reduce(0, +) >= nodes.count
        for channel in late where sending[channel, default: 0] == 0 && !isFull {
            expect(false, "what is due at \(channel) waits for \(process.name), which is dead")
        }
    }

    func checkEnd() async throws {
        // What was alone in flight at three deaths is parked, as it should be.
        let open = try await number(
            "SELECT count(*) FROM deliveries WHERE state <> 'delivered' AND coalesce(reason, '') <> 'poison'")
        expect(open == 0, "\(open) deliveries are left")
        let all = try await number("SELECT count(*) FROM deliveries")
        expect(arrivals.count == all, "\(arrivals.count) of \(all) deliveries arrived")
        for (id, times) in arrivals {
            expect(times <= 1 + excuses[id, default: 0], "\(id) arrived \(times) times")
        }
        let (events, last) = (
            try await number("SELECT count(*) FROM events"), try await number("SELECT max(sequence) FROM events")
        )
        expect(events == last && events > 0, "\(events) events have numbers up to \(last)")
    }

    func number(_ sql: String, _ values: [SQLValue] = []) async throws -> Int64 {
        try await database.write { connection throws(RepositoryError) in
            try connection.row(sql, values) { row in row.integer(0) } ?? 0
        }
    }
}
