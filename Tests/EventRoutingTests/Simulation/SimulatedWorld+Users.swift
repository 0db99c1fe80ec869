import Notifications
import Repository

@testable import EventRouting

/// What users, schedulers and fate do.
extension SimulatedWorld {
    func makeChannels() async throws {
        for (number, kind) in plan.kinds.enumerated() {
            time.go(to: .milliseconds(number))
            let organization = SimulationGround.organizations[number % 2]
            let owner = people.owners[organization] ?? .operator
            let wants: Subscription = happens(0.2) ? Subscription(events: [.testFinished]) : .everything
            var settings = ChannelSettings()
            settings["url"] = .string(Self.url(kind, number))
            let draft = ChannelDraft(
                kind: kind, name: "Channel \(number)", settings: settings, subscription: wants)
            let channel = try await repository.createChannel(in: organization, as: owner) {
                () throws(InvalidInput) in draft
            }
            channels[organization, default: []].append(channel.id)
            receivers[channel.id] = SimulatedReceiver()
        }
    }

    private static func url(_ kind: String, _ number: Int) -> String {
        switch kind {
        case "slack": "https://hooks.slack.com/services/T00000000/B0000000\(number)/XXXXXXXXXXXXXXXXXXXXXXXX"
        case "hipchat": "https://example.hipchat.com/v2/room/\(number)/notification?auth_token=t"
        default: "https://host\(number % 2).example.com/\(number)"
        }
    }

    func doSomething() async throws {
        changeAMood()
        switch Int.random(in: 0..<20, using: &chance) {
        case 0...8: try await postARun()
        case 9: try await post(.testNotificationChannel)
        case 10: try await postAgain()
        case 11...13 where plan.hasCrashes: die()
        case 14,
            15 where plan.setsClocks:
            setTheClock()
        case 16,
            17 where plan.changesChannels:
            try await changeAChannel()
        case 18 where plan.changesChannels: try await testAChannel()
        case 19 where plan.changesChannels: try await retryADelivery()
        default: try await postARun()
        }
    }

    private func changeAMood() {
        for (id, receiver) in receivers.sorted(by: { $0.key < $1.key }) where receiver.until <= time.steady {
            guard let mood = plan.moods.randomElement(using: &chance) else { continue }
            // This side is tried again every half minute: a long trouble would be many steps and no new story.
            let longest = mood == .cutOff || mood == .forbidden ? Duration.seconds(3600) : plan.span
            let seconds = Int.random(in: 1...Int(max(2, min(longest, plan.span).components.seconds)), using: &chance)
            receivers[id] = SimulatedReceiver(mood: mood, until: time.steady + .seconds(seconds))
        }
    }

    private func setTheClock() {
        let deltas: [Duration] = [
            .seconds(1), .seconds(-1), .seconds(7200), .seconds(-7200), .seconds(259_200), .seconds(-259_200),
        ]
        time.setWall(by: deltas.randomElement(using: &chance) ?? .seconds(1))
        hear(.ticked)
    }

    // MARK: Events

    private func postARun() async throws {
        let run = LoadTestRun(
            status: .running, userID: UserID(1), name: "Checkout", organizationID: anOrganization(),
            loadTestID: LoadTestID(7), id: LoadTestRunID(Int64(posted.count)), projectID: ProjectID(9))
        try await post(.testStarted(run))
        let end = LoadTestRun(
            status: .finished, userID: run.userID, name: run.name, organizationID: run.organizationID,
            loadTestID: run.loadTestID, id: run.id, projectID: run.projectID)
        agenda.add(.post(.testFinished(end)), at: time.steady + .milliseconds(Int.random(in: 1...9000, using: &chance)))
    }

    func post(_ content: EventContent) async throws {
        let organization = content.run?.organizationID ?? anOrganization()
        let key = "key-\(posted.count)"
        let acceptance = try await repository.accept(
            content, idempotencyKey: key, as: people.schedulers[organization] ?? .operator)
        posted.append((key, content, acceptance.eventID))
        if sabotage == .eventWithoutADelivery { try await breakRows(of: acceptance.eventID) }
        let rows = try await count("SELECT count(*) FROM deliveries WHERE event_id = $1", acceptance.eventID.text)
        let expected = channels[organization, default: []].count
        witness.expect(rows == expected, "\(acceptance.eventID) has \(rows) of \(expected) deliveries")
        wake(acceptance)
    }

    private func wake(_ acceptance: Acceptance) {
        guard !acceptance.dueLanes.isEmpty, engine != nil else { return }
        agenda.add(
            .hear(process: process, .woken(acceptance.dueLanes.map { ($0.lane, $0.host) })),
            at: time.steady + jitter(milliseconds: 2))
    }

    private func postAgain() async throws {
        guard let before = posted.randomElement(using: &chance) else { return }
        let organization = before.content.run?.organizationID
        // A clock that is set ahead by days lets keys expire.
        guard let organization, !plan.setsClocks else { return }
        let again = try await repository.accept(
            before.content, idempotencyKey: before.key, as: people.schedulers[organization] ?? .operator)
        witness.expect(again.isReplay && again.eventID == before.event, "\(before.key) made a second event")
    }

    private func anOrganization() -> OrganizationID {
        SimulationGround.organizations.randomElement(using: &chance) ?? OrganizationID(1)
    }

    // MARK: Channels

    private func aChannel() -> (OrganizationID, ChannelID)? {
        let all = SimulationGround.organizations.flatMap { id in channels[id, default: []].map { (id, $0) } }
        return all.randomElement(using: &chance)
    }

    private func changeAChannel() async throws {
        guard let (organization, id) = aChannel(), let owner = people.owners[organization] else { return }
        switch Int.random(in: 0..<10, using: &chance) {
        case 0:
            try await repository.removeChannel(id, of: organization, version: nil, as: owner)
            channels[organization]?.removeAll { $0 == id }
        case 1, 2:
            try await setEnabled(id, false)
            let later = Duration.seconds(Int.random(in: 1...600, using: &chance))
            agenda.add(.enable(id), at: time.steady + later)
        case 3, 4:
            let channel = try await repository.channel(id, of: organization, as: owner)
            guard channel.kind == "webhook" else { return }
            _ = try await repository.rotateSecret(of: id, in: organization, overlap: .seconds(60), as: owner)
        case 5, 6: try await pause(id, of: organization, as: owner)
        default:
            try await replace(id, in: organization) { draft in
                draft.subscription = Subscription(events: [.testStarted, .testFinished])
            }
        }
    }

    func setEnabled(_ id: ChannelID, _ isEnabled: Bool) async throws {
        guard let organization = channels.first(where: { $0.value.contains(id) })?.key else { return }
        try await replace(id, in: organization) { $0.isEnabled = isEnabled }
    }

    private func replace(
        _ id: ChannelID, in organization: OrganizationID, _ change: @escaping @Sendable (inout ChannelDraft) -> Void
    ) async throws {
        let owner = people.owners[organization] ?? .operator
        let before = try await repository.channel(id, of: organization, as: owner)
        _ = try await repository.replaceChannel(id, of: organization, version: nil, as: owner) {
            saved throws(InvalidInput) in
            var draft = ChannelDraft(
                kind: saved.kind, name: saved.name, settings: saved.settings, subscription: saved.subscription,
                isEnabled: saved.state != .disabled)
            change(&draft)
            return draft
        }
        if before.state == .disabled { witness.receiverIsKnownAnew(id) }
        wakeLane(organization, id)
    }

    private func pause(_ id: ChannelID, of organization: OrganizationID, as owner: Principal) async throws {
        guard try await repository.channel(id, of: organization, as: owner).state == .enabled else { return }
        _ = try await repository.pauseChannel(id, of: organization, as: owner)
        agenda.add(.resume(id), at: time.steady + .seconds(Int.random(in: 1...600, using: &chance)))
    }

    func resume(_ id: ChannelID) async throws {
        guard let organization = channels.first(where: { $0.value.contains(id) })?.key else { return }
        let owner = people.owners[organization] ?? .operator
        guard try await repository.channel(id, of: organization, as: owner).state == .paused else { return }
        _ = try await repository.resumeChannel(
            id, of: organization, skipOlderThan: happens(0.3) ? clock.now - .seconds(60) : nil, as: owner)
        wakeLane(organization, id)
    }

    /// By hand: its schedule begins anew, now.
    private func retryADelivery() async throws {
        let organization = anOrganization()
        let owner = people.owners[organization] ?? .operator
        let states = [DeliveryState.failed, .due, .skipped]
        let found = try await repository.deliveries(
            of: organization, filter: DeliveryFilter(state: states.randomElement(using: &chance)), page: PageRequest(),
            as: owner)
        let sound = channels[organization, default: []]
        // Ids made in the same moment differ by chance alone, and a seed is to tell the same story each time.
        let inOrder = found.items.sorted { ($0.createdAt, $0.channelID) < ($1.createdAt, $1.channelID) }
        guard let delivery = inOrder.last(where: { sound.contains($0.channelID) }),
            try await repository.channel(delivery.channelID, of: organization, as: owner).state == .enabled
        else { return }
        _ = try await repository.retryDelivery(delivery.id, of: organization, as: owner)
        witness.deliveries[delivery.id, default: .init()].attemptsOfRound = 0
        witness.deliveries[delivery.id, default: .init()].notBefore = .zero
        wakeLane(organization, delivery.channelID)
    }

    private func testAChannel() async throws {
        guard let (organization, id) = aChannel(), let owner = people.owners[organization] else { return }
        _ = try await repository.testArrived(at: id, of: organization, as: owner)
        witness.receiverIsKnownAnew(id)
        wakeLane(organization, id)
    }

    private func wakeLane(_ organization: OrganizationID, _ id: ChannelID) {
        hear(.woken([(Lane(organizationID: organization, channelID: id), nil)]))
    }
}
