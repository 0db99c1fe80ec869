import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct ChannelBoardTests {
    private func board(
        _ world: TestWorld, _ search: ChannelSearch = ChannelSearch(), opening kinds: [String] = []
    ) async throws -> ChannelBoard {
        try await world.repository.channelBoard(of: world.organization, search, opening: kinds, as: world.owner)
    }

    @Test func itIsSearchedByNameKindAndID() async throws {
        let world = try await TestWorld()
        for name in ["Checkout", "Ärger im Lager", "Nightly"] { _ = try await world.channel(name) }
        let all = try await board(world)
        #expect(all.lines.map(\.name) == ["Checkout", "Ärger im Lager", "Nightly"])
        for (text, names) in [
            ("CHECK", ["Checkout"]), ("ärger", ["Ärger im Lager"]), ("webhook", all.lines.map(\.name)),
            (String(all.lines[2].id.text), ["Nightly"]), ("pigeon", []),
        ] {
            let found = try await board(world, ChannelSearch(text: text))
            #expect(found.lines.map(\.name) == names, "\(text)")
            #expect(found.matching == names.count && found.total == 3)
        }
    }

    @Test func aPartOfItSaysHowManyThereAre() async throws {
        let world = try await TestWorld()
        for number in 1...5 { _ = try await world.channel("\(number)") }
        let part = try await board(world, ChannelSearch(offset: 2, limit: 2), opening: ["webhook", "slack"])
        #expect(part.lines.map(\.name) == ["3", "4"])
        #expect(part.matching == 5 && part.total == 5)
        #expect(part.first.map(\.name) == ["1"])
        #expect(try await board(world, ChannelSearch(offset: 7)).lines.isEmpty)
    }

    @Test func itHasTwentyFiveLinesUnlessMoreAreAskedFor() async throws {
        let world = try await TestWorld()
        for number in 1...26 { _ = try await world.channel("\(number)") }
        let part = try await board(world)
        #expect(part.lines.count == 25 && part.matching == 26)
    }

    @Test func channelsThatLookTheSameAreToldApart() async throws {
        let world = try await TestWorld()
        for name in ["CI", "CI", "Nightly"] { _ = try await world.channel(name) }
        let found = try await board(world)
        #expect(found.ofKind == ["webhook": 3])
        #expect(
            found.lines.map { $0.address?.masked } == [
                "https://hooks.example.com/…", "https://hooks.example.com/…", nil,
            ])
        #expect(found.lines[0].address?.fingerprint == found.lines[1].address?.fingerprint)
    }

    @Test func whatIsLeavingIsOneChannel() async throws {
        let world = try await TestWorld()
        for name in ["Checkout", "Nightly"] {
            let channel = try await world.channel(name)
            _ = try await world.repository.planRemoval(
                of: channel.id, in: world.organization, version: 1, as: world.owner)
        }
        _ = try await world.channel("Stays")
        let found = try await board(world)
        #expect(found.lines.map(\.name) == ["Checkout", "Nightly", "Stays"] && found.total == 3)
        #expect(found.lines.map(\.isLeaving) == [true, true, false])
        #expect(found.ofKind == ["webhook": 1])
    }

    /// Slack's receiver answered 200, but not "ok"; nobody has confirmed an address.
    @Test func aChannelWhoseMessagesAreRefusedIsFailingAndSaysWhy() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel("broken")
        try await world.post(1)
        let delivery = try #require(try await world.claim(channel, limit: 1).first)
        let finding = Finding("unexpected_answer", "The answer is not ok.")
        _ = try await world.deliveries.record(world.result(delivery, .refused(finding), failure: .unfit))
        let line = try #require(try await board(world).lines.first)
        #expect(line.condition == .failing && line.health?.failingSince == world.clock.now)
        #expect(line.health?.finding == finding)
        let list = try await world.repository.channelsWithHealth(
            of: world.organization, page: PageRequest(), as: world.owner)
        #expect(list.items.map(\.health) == [line.health])
    }

    @Test func whatTheServiceDisabledIsCounted() async throws {
        let world = try await TestWorld()
        _ = try await world.channel("by hand", isEnabled: false)
        let channel = try await world.channel("gone")
        #expect(try await board(world).disabledByItself == 0)
        try await world.post(1)
        let delivery = try #require(try await world.claim(channel, limit: 1).first)
        _ = try await world.deliveries.record(
            world.result(delivery, .gone(Finding("http.410", "It is gone.")), failure: .failing))
        let found = try await board(world)
        #expect(found.disabledByItself == 1 && found.counts[.disabled] == 2)
    }

    @Test func aChannelWhoseLastAttemptFailedIsFailing() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel("broken")
        _ = try await world.channel("quiet")
        try await world.post(1)
        let delivery = try #require(try await world.claim(channel, limit: 1).first)
        let finding = Finding("http.500", "It answered 500.")
        _ = try await world.deliveries.record(
            world.result(delivery, .retry(finding, after: nil), failure: .failing))
        let found = try await board(world, ChannelSearch(condition: .failing))
        #expect(found.lines.map(\.name) == ["broken"])
        #expect(found.lines.first?.health?.finding == finding)
        #expect(found.counts == [.failing: 1, .enabled: 1])
    }

    @Test func aChannelThatIsBeingRemovedSaysSoAndIsNotOpened() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await world.repository.planRemoval(
            of: channel.id, in: world.organization, version: nil, as: world.owner)
        let found = try await board(world, opening: ["webhook"])
        #expect(found.lines.map(\.isLeaving) == [true])
        #expect(found.lines.map(\.condition) == [.paused])
        #expect(found.first.isEmpty)
    }
}
