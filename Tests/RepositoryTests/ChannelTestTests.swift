import Notifications
import Repository
import TestSupport
import Testing

/// The history of a channel's tests.
@Suite(.everyEngine) struct ChannelTestTests {
    private func history(_ world: TestWorld, _ channel: Channel, limit: Int = 50) async throws -> [ChannelTest] {
        try await world.repository.tests(
            of: channel.id, in: world.organization, page: PageRequest(limit: limit), as: world.owner
        ).items
    }

    @Test func theNewestTenAreKept() async throws {
        let world = try await TestWorld()
        let (channel, other) = (try await world.channel("One"), try await world.channel("Two"))
        let refused = Verdict.retry(Finding("http.503", "It answered 503."), after: nil)
        var tests: [ChannelTest] = []
        for number in 0..<12 {
            world.clock.advance(by: .seconds(1))
            let test = ChannelTest.sample(
                number == 11 ? refused : .delivered, status: number == 11 ? 503 : 200, isAsSaved: number != 11,
                at: world.clock.now, by: "user:1")
            tests.append(test)
            _ = try await world.repository.noteTest(
                test, of: channel.id, with: channel.settings, in: world.organization, as: world.owner)
        }
        #expect(try await history(world, channel) == tests.suffix(10).reversed())
        #expect(try await history(world, other).isEmpty)
        let part = try await world.repository.tests(
            of: channel.id, in: world.organization, page: PageRequest(limit: 3), as: world.owner)
        let rest = try await world.repository.tests(
            of: channel.id, in: world.organization, page: PageRequest(limit: 3, cursor: part.next), as: world.owner)
        #expect(part.items + rest.items == Array(tests.suffix(6).reversed()))

        try await world.repository.removeChannel(channel.id, of: world.organization, version: nil, as: world.owner)
        let left = try await world.database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT test_id FROM channel_tests", []) { row in row.blob(0) }
        }
        #expect(left.isEmpty)
    }

    @Test func theAuditLogHasTheVerdict() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let refused = Verdict.refused(Finding("http.410", "It is gone."))
        let test = ChannelTest.sample(refused, status: 410, isAsSaved: false, at: world.clock.now, by: "user:1")
        for id in [channel.id, nil] {
            _ = try await world.repository.noteTest(
                test, of: id, with: channel.settings, in: world.organization, as: world.owner)
        }
        let entries = try await world.auditEntries().suffix(2)
        #expect(entries.map(\.action) == ["channel.test_result", "channel.test_result"])
        #expect(entries.map(\.target) == ["channel:\(channel.id)", "channel:draft"])
        #expect(
            try entries.last.map { try JSONValue.parse($0.detail.utf8) } == [
                "test": .string(test.id.text), "as_saved": false, "verdict": "refused", "finding": "http.410",
                "status": 410, "duration_ms": 12,
            ])
    }

    @Test func aTestOfUnsavedChangesEnablesNothing() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel, limit: 1).first)
        _ = try await world.deliveries.record(
            world.result(delivery, .gone(Finding("http.410", "Gone.")), failure: .failing))
        let test = ChannelTest.sample(isAsSaved: false, at: world.clock.now, by: "user:1")
        #expect(
            try await !world.repository.noteTest(
                test, of: channel.id, with: channel.settings, in: world.organization, as: world.owner))
        let read = try await world.repository.channel(channel.id, of: world.organization, as: world.owner)
        #expect(read.state == .disabled)
    }

    /// Somebody saved another address while the receiver took its time.
    @Test func aTestOfEarlierSettingsEnablesNothing() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ in ChannelDraft.webHook(url: "https://other.example.com/") }
        try await world.post()
        let delivery = try #require(try await world.claim(channel, limit: 1).first)
        _ = try await world.deliveries.record(
            world.result(delivery, .gone(Finding("http.410", "Gone.")), failure: .failing))
        let test = ChannelTest.sample(at: world.clock.now, by: "user:1")
        #expect(
            try await !world.repository.noteTest(
                test, of: channel.id, with: channel.settings, in: world.organization, as: world.owner))
        let read = try await world.repository.channel(channel.id, of: world.organization, as: world.owner)
        #expect(read.state == .disabled)
        #expect(try await world.repository.testArrived(at: channel.id, of: world.organization, as: world.owner))
    }

    @Test func equalAddressesHaveEqualFingerprints() async throws {
        let world = try await TestWorld()
        let tenant = try await Tenant(2, in: world.repository)
        let urls = ["https://ci.example.org/a?token=1", "https://ci.example.org/a?token=2"]
        var channels: [Channel] = []
        for url in urls + urls.prefix(1) { channels.append(try await tenant.channel(url: url)) }
        let prints = channels.map(world.repository.fingerprints.text)
        #expect(prints[0] != prints[1] && prints[0] == prints[2] && prints[0]?.utf8.count == 8)
        let elsewhere = try await Tenant(3, in: world.repository).channel(url: urls[0])
        #expect(world.repository.fingerprints.text(of: elsewhere) != prints[0])
    }
}
