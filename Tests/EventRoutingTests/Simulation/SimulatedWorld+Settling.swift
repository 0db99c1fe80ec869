import Notifications
import Repository

@testable import EventRouting

/// What follows a change of a channel, as the maintenance of the process that runs does it.
extension SimulatedWorld {
    func settle() async throws {
        isSettling = false
        guard engine != nil else { return }
        if sabotage == .settlementsForgotten { return try await execute("DELETE FROM settlements") }
        guard let queue = try await deliveries.settle(after: nil) else { return }
        hear(.woken([(queue, nil)]))
    }

    /// When something is left to settle, the next piece is on its way.
    func settleLater(after item: Item) async throws {
        guard !isSettling, engine != nil, item.mayChangeChannels else { return }
        guard try await count("SELECT count(*) FROM settlements WHERE channel_id <> $1", "") > 0 else { return }
        isSettling = true
        agenda.add(.settle, at: time.steady + .milliseconds(100) + jitter(milliseconds: 300))
    }

    /// What is due at a channel that somebody disables is never sent, unless somebody wants that by hand. What came to wait
    /// there since, an attempt that was under way, is not decided by that.
    func noteDecided(at channel: ChannelID) async throws {
        guard try await !isDisabled(channel) else { return }
        witness.decided.formUnion(
            try await database.write { connection throws(RepositoryError) in
                try connection.rows(
                    "SELECT delivery_id FROM deliveries WHERE channel_id = $1 AND state = 'due'", [SQLValue(channel)]
                ) { row in row.id(0) as DeliveryID }
            })
    }
}

extension SimulatedWorld.Item {
    fileprivate var mayChangeChannels: Bool {
        switch self {
        case .hear, .tick, .answer, .post, .heal, .perform(_, .send): false
        default: true
        }
    }
}
