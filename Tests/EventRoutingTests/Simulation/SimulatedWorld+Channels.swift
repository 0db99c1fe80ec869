import Notifications
import Repository
import Synchronization
import TestSupport

@testable import EventRouting

/// Queues that have been woken.
final class WokenQueues: Sendable {
    private let queues = Mutex<[ChannelQueue]>([])

    func add(_ more: [ChannelQueue]) { queues.withLock { $0 += more } }

    func take() -> [ChannelQueue] {
        queues.withLock { queues in
            defer { queues = [] }
            return queues
        }
    }
}

/// What users do with channels.
extension SimulatedWorld {
    /// The only way to change a channel, as in the API and the pages.
    private var desk: Channels { Channels(repository: repository, wake: woken.add) }

    /// Tells the engine of the changes.
    private func hearOfChanges() {
        let queues = woken.take()
        guard sabotage != .channelChangesUnheard, !queues.isEmpty else { return }
        hear(.woken(queues.map { ($0, nil) }))
    }

    /// Nil if the channel was removed or is damaged.
    private func organization(of id: ChannelID) -> OrganizationID? {
        damaged.contains(id) ? nil : channels.first { $0.value.contains(id) }?.key
    }

    /// Gives the channel another address, with a different receiver behind it.
    private func moveTheReceiver(_ id: ChannelID, of organization: OrganizationID) async throws {
        let owner = people.owners[organization] ?? .operator
        guard try await repository.channel(id, of: organization, as: owner).kind == "webhook" else { return }
        let url = "https://host\(Int.random(in: 0...1, using: &generator)).example.com/moved\(steps)"
        try await replace(id, in: organization) { $0.settings["url"] = .string(url) }
        witness.receiverIsKnownAnew(id)
        receivers[id] = SimulatedReceiver()
    }

    func pauseAll(for duration: Duration) async throws {
        for (organization, ids) in channels {
            let owner = people.owners[organization] ?? .operator
            for id in ids where try await repository.channel(id, of: organization, as: owner).state == .enabled {
                _ = try await desk.pause(id, of: organization, as: owner)
                agenda.add(.resume(id), at: time.steady + duration)
            }
        }
        hearOfChanges()
    }

    // MARK: Removals that are undone

    /// The receiver is gone while the last events are in flight; then the channel's removal is planned and undone.
    private func leave(_ id: ChannelID) async throws {
        receivers[id] = SimulatedReceiver(mood: .gone, until: time.steady + .seconds(60))
        try await postARun()
        let pause = Duration.milliseconds(Int.random(in: 1...200, using: &generator))
        agenda.add(.planRemoval(id), at: time.steady + pause)
    }

    func planRemoval(of id: ChannelID, isMeant: Bool = false) async throws {
        guard let organization = organization(of: id), let owner = people.owners[organization] else { return }
        let planned = try await repository.plannedRemovals(in: organization, as: owner)
        guard planned.allSatisfy({ $0.channelID != id }) else { return }
        _ = try await desk.planRemoval(of: id, in: organization, version: nil, as: owner)
        hearOfChanges()
        witness.removals[id] = time.steady
        doTasksLater()
        guard !isMeant else { return }
        agenda.add(.undoRemoval(id), at: time.steady + .seconds(Int.random(in: 1...50, using: &generator)))
    }

    func undoRemoval(of id: ChannelID) async throws {
        guard let organization = organization(of: id), let owner = people.owners[organization] else { return }
        let before = try await repository.channel(id, of: organization, as: owner)
        if sabotage == .undoRevives {
            try await execute("UPDATE channels SET state = 'paused' WHERE state = 'disabled'")
        }
        let after = try await desk.undoRemoval(of: id, in: organization, as: owner)
        witness.removals[id] = nil
        witness.expect(before.state != .disabled || after.state == .disabled, "\(id) is enabled by undoing a removal")
        if before.state == .paused { witness.resumed(id) }
        hearOfChanges()
    }

    // MARK: Damage

    /// Makes a payload or a channel's settings unreadable.
    func damageARow() async throws {
        if happens(0.7) {
            try await postARun()
            guard let event = posted.last?.event else { return }
            try await execute("UPDATE events SET payload = '{' WHERE event_id = \(event.literal)")
        } else if let (_, id) = aChannel() {
            damaged.insert(id)
            try await execute("UPDATE channels SET settings = x'00' WHERE channel_id = \(id.literal)")
        }
    }

    // MARK: Changes
    func aChannel() -> (OrganizationID, ChannelID)? {
        let all = SimulationGround.organizations.flatMap { id in channels[id, default: []].map { (id, $0) } }
            .filter { !damaged.contains($0.1) }
        return all.randomElement(using: &generator)
    }

    func changeAChannel() async throws {
        guard let (organization, id) = aChannel(), let owner = people.owners[organization] else { return }
        switch Int.random(in: 0..<10, using: &generator) {
        case 0:
            try await desk.remove(id, of: organization, version: nil, as: owner)
            isRemoved(id)
            hearOfChanges()
        case 1, 2:
            for _ in 0..<2 where happens(0.5) { try await postARun() }
            try await setEnabled(id, false)
            // This may be while what was due is still being settled.
            let later = happens(0.4) ? 1...500 : 1000...600_000
            agenda.add(.enable(id), at: time.steady + .milliseconds(Int.random(in: later, using: &generator)))
        case 3, 4:
            let channel = try await repository.channel(id, of: organization, as: owner)
            guard channel.kind == "webhook" else { return }
            _ = try await desk.rotateSecret(of: id, in: organization, overlap: .seconds(60), as: owner)
            hearOfChanges()
        case 5: try await pause(id, of: organization, as: owner)
        case 6, 7: try await leave(id)
        case 8: try await moveTheReceiver(id, of: organization)
        default:
            let wants = try Subscription(reading: ["events": ["test.started", "test.finished"]])
            try await replace(id, in: organization) { draft in draft.subscription = wants }
        }
    }

    func setEnabled(_ id: ChannelID, _ isEnabled: Bool) async throws {
        guard let organization = organization(of: id) else { return }
        if !isEnabled { try await noteDecided(at: id) }
        try await replace(id, in: organization) { $0.isEnabled = isEnabled }
    }

    private func replace(
        _ id: ChannelID, in organization: OrganizationID, _ change: @escaping @Sendable (inout ChannelDraft) -> Void
    ) async throws {
        let owner = people.owners[organization] ?? .operator
        let before = try await repository.channel(id, of: organization, as: owner)
        _ = try await desk.replace(id, of: organization, version: nil, as: owner) {
            saved throws(InvalidInput) in
            var draft = ChannelDraft(
                kind: saved.kind, name: saved.name, settings: saved.settings, subscription: saved.subscription,
                isEnabled: saved.state != .disabled)
            change(&draft)
            return draft
        }
        if before.state == .disabled { witness.receiverIsKnownAnew(id) }
        witness.channels[id, default: .init()].isDisabled = try await isDisabled(id)
        hearOfChanges()
    }

    private func pause(_ id: ChannelID, of organization: OrganizationID, as owner: Principal) async throws {
        guard try await repository.channel(id, of: organization, as: owner).state == .enabled else { return }
        _ = try await desk.pause(id, of: organization, as: owner)
        hearOfChanges()
        agenda.add(.resume(id), at: time.steady + .seconds(Int.random(in: 1...600, using: &generator)))
    }

    func resume(_ id: ChannelID) async throws {
        guard let organization = organization(of: id) else { return }
        let owner = people.owners[organization] ?? .operator
        guard try await repository.channel(id, of: organization, as: owner).state == .paused else { return }
        _ = try await desk.resume(
            id, of: organization, skipOlderThan: happens(0.3) ? clock.now - .seconds(60) : nil, as: owner)
        if sabotage == .idleTimeCounted { try await countIdleTime() }
        witness.resumed(id)
        hearOfChanges()
    }

    /// A manual retry: the schedule starts over, now.
    func retryADelivery() async throws {
        let organization = anOrganization()
        let owner = people.owners[organization] ?? .operator
        let states = [DeliveryState.failed, .due, .skipped]
        let found = try await repository.deliveries(
            of: organization, filter: DeliveryFilter(state: states.randomElement(using: &generator)),
            page: PageRequest(),
            as: owner)
        let sound = channels[organization, default: []].filter { !damaged.contains($0) }
        // Ids made at the same moment differ only by chance, but a seed must always give the same run.
        let inOrder = found.items.sorted { ($0.createdAt, $0.channelID) < ($1.createdAt, $1.channelID) }
        guard let delivery = inOrder.last(where: { sound.contains($0.channelID) }),
            try await repository.channel(delivery.channelID, of: organization, as: owner).state == .enabled
        else { return }
        _ = try await repository.retryDelivery(delivery.id, of: organization, as: owner)
        witness.decided.remove(delivery.id)
        witness.deliveries[delivery.id, default: .init()].attemptsOfRound = 0
        witness.deliveries[delivery.id, default: .init()].notBefore = .zero
        wakeQueue(organization, delivery.channelID)
    }

    func testAChannel() async throws {
        guard let (organization, id) = aChannel(), let owner = people.owners[organization] else { return }
        _ = try await repository.testArrived(at: id, of: organization, as: owner)
        witness.receiverIsKnownAnew(id)
        witness.channels[id]?.isDisabled = try await isDisabled(id)
        wakeQueue(organization, id)
    }

    private func wakeQueue(_ organization: OrganizationID, _ id: ChannelID) {
        hear(.woken([(ChannelQueue(organizationID: organization, channelID: id), nil)]))
    }
}
