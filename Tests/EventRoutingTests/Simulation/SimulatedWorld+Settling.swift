import Notifications
import Repository
import TestSupport

@testable import EventRouting

/// Settles what is due at a changed channel, as the running process's maintenance does.
extension SimulatedWorld {
    func settle() async throws {
        isSettling = false
        guard engine != nil else { return }
        if sabotage == .settlementsForgotten { return try await execute("DELETE FROM settlements") }
        guard let queue = try await deliveries.settle(after: nil) else { return }
        hear(.woken([(queue, nil)]))
    }

    /// Schedules the next piece if anything is left to settle.
    func settleLater(after item: Item) async throws {
        guard !isSettling, engine != nil, item.mayChangeChannels else { return }
        guard try await count("SELECT count(*) FROM settlements WHERE channel_id <> $1", "") > 0 else { return }
        isSettling = true
        agenda.add(.settle, at: time.steady + .milliseconds(100) + jitter(milliseconds: 300))
    }

    /// Notes what is due when a channel is disabled: it must never be sent unless a user asks for it. An attempt in
    /// flight that comes back to the queue later is not covered.
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
