import Notifications
import Repository
import TestSupport

@testable import EventRouting

/// Users, schedulers and random faults.
extension SimulatedWorld {
    func makeChannels() async throws {
        for (number, kind) in plan.kinds.enumerated() {
            time.go(to: .milliseconds(number))
            let organization = SimulationGround.organizations[number % 2]
            let owner = people.owners[organization] ?? .operator
            let wants: Subscription =
                try happens(0.2) ? Subscription(reading: ["events": ["test.finished"]]) : .everything
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
        if plan.writerStalls, happens(0.3) { return try await postBeforeAStall() }
        if plan.damagesRows, happens(0.3) { return try await damageARow() }
        if plan.setsClocks, plan.week == nil, happens(0.3) { return try await planForLater() }
        switch Int.random(in: 0..<20, using: &generator) {
        case 0...8: try await postARun()
        case 9: post(.testNotificationChannel)
        case 10: try await postAgain()
        case 11...13 where plan.hasCrashes:
            die()
            if plan.setsClocks, happens(0.5) { setTheClock() }
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

    /// Puts something in flight to a slow receiver before the writer stalls.
    private func postBeforeAStall() async throws {
        for id in receivers.keys.sorted() where happens(0.5) {
            receivers[id] = SimulatedReceiver(mood: .slow, until: time.steady + .seconds(20))
        }
        try await postARun()
        agenda.add(.stall, at: time.steady + jitter(milliseconds: 200))
    }

    func changeAMood() {
        for (id, receiver) in receivers.sorted(by: { $0.key < $1.key }) where receiver.until <= time.steady {
            guard let mood = plan.moods.randomElement(using: &generator) else { continue }
            // A local fault is retried every half minute: a long one would take many steps and show nothing new.
            let longest = mood == .cutOff || mood == .forbidden ? Duration.seconds(3600) : plan.span
            let seconds = Int.random(in: 1...Int(max(2, min(longest, plan.span).components.seconds)), using: &generator)
            receivers[id] = SimulatedReceiver(mood: mood, until: time.steady + .seconds(seconds))
        }
    }

    /// This may also happen while no process is running.
    func setTheClock() {
        if plan.hasCrashes, happens(0.4) { die() }
        let deltas: [Duration] = [
            .seconds(1), .seconds(-1), .seconds(7200), .seconds(-7200), .seconds(259_200), .seconds(-259_200),
        ]
        time.setWall(by: deltas.randomElement(using: &generator) ?? .seconds(1))
        hear(.ticked)
    }

    // MARK: Events

    func postARun() async throws {
        runs += 1
        let (id, organization) = (Int64(runs), anOrganization().value)
        post(.testStarted(.sample(id, organization: organization)))
        let end = LoadTestRun.sample(id, status: .finished, organization: organization)
        agenda.add(
            .post(.testFinished(end)), at: time.steady + .milliseconds(Int.random(in: 1...9000, using: &generator)))
    }

    private func postAgain() async throws {
        guard let before = posted.randomElement(using: &generator) else { return }
        let organization = before.content.run?.organizationID
        // Keys expire when a clock is set ahead by days.
        guard let organization, !plan.setsClocks else { return }
        let again = try await repository.accept(
            before.content, idempotencyKey: before.key, as: people.schedulers[organization] ?? .operator)
        witness.expect(again.isReplay && again.eventID == before.event, "\(before.key) made a second event")
    }

    func anOrganization() -> OrganizationID {
        SimulationGround.organizations.randomElement(using: &generator) ?? OrganizationID(1)
    }
}
