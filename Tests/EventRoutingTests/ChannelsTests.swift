import EventRouting
import Notifications
import Repository
import Synchronization
import TestSupport
import Testing

/// Any change may let waiting deliveries go.
@Suite struct ChannelsTests {
    @Test func everyChangeWakesTheQueue() async throws {
        let world = try await World(transport: ScriptedTransport(status: 200))
        let woken = Mutex<[ChannelQueue]>([])
        let channels = Channels(repository: world.repository) { queues in woken.withLock { $0 += queues } }
        let (organization, owner) = (world.organization, world.owner)
        let id = try await channels.create(in: organization, as: owner) { .webHook() }.id
        _ = try await channels.replace(id, of: organization, version: nil, as: owner) { _ in .webHook("Other") }
        _ = try await channels.restore(revision: 1, of: id, in: organization, as: owner)
        _ = try await channels.rotateSecret(of: id, in: organization, overlap: .zero, as: owner)
        _ = try await channels.pause(id, of: organization, as: owner)
        _ = try await channels.resume(id, of: organization, skipOlderThan: nil, as: owner)
        _ = try await channels.planRemoval(of: id, in: organization, version: nil, as: owner)
        _ = try await channels.undoRemoval(of: id, in: organization, as: owner)
        try await channels.remove(id, of: organization, version: nil, as: owner)
        let queue = ChannelQueue(organizationID: organization, channelID: id)
        #expect(woken.withLock { $0 } == Array(repeating: queue, count: 9))
    }
}
