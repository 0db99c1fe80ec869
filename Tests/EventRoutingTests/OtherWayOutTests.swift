import EventRouting
import Notifications
import Repository
import TestSupport
import Testing

/// A kind whose messages use another protocol, through everything between a kind and its transport.
@Suite struct OtherWayOutTests {
    private static let code = "s3cret-code-4711"

    private static func draft() -> ChannelDraft {
        var settings = ChannelSettings()
        settings["recipient"] = "ops@mail.example.org"
        settings["code"] = .string(code)
        return ChannelDraft(kind: "letter", name: "Ops", settings: settings)
    }

    private func withPost(
        _ post: PostOffice, _ body: @Sendable @escaping (World, Channel, ScriptedTransport) async throws -> Void
    ) async throws {
        let http = ScriptedTransport(status: 200)
        try await World.withEngine(http, kinds: ChannelCatalogue([LetterKind(post: post)])) { world in
            let channel = try await world.repository.createChannel(in: world.organization, as: world.owner) {
                () throws(InvalidInput) in Self.draft()
            }
            try await body(world, channel, http)
        }
    }

    @Test func aLetterIsClaimedSentInterpretedAndRecorded() async throws {
        let post = PostOffice(451, 250)
        try await withPost(post) { world, channel, http in
            let accepted = try await world.router.accept(
                .testStarted(.sample()), idempotencyKey: nil, as: world.service)
            #expect(accepted.dueQueues.map(\.host) == ["mail.example.org"])
            try await world.wait(for: accepted.eventID) { $0.state == .due && $0.reason == "letter.451" }
            world.advance(by: .seconds(8))
            try await world.wait(for: accepted.eventID) { $0.state == .delivered }
            #expect(post.taken.map(\.text) == ["Load test started", "Load test started"])
            #expect(http.sent.isEmpty)
            let id = try #require(try await world.outcomes(of: accepted.eventID).first?.deliveryID)
            let attempts = try await world.repository.delivery(id, of: world.organization, as: world.owner).attempts
            #expect(attempts.map(\.status) == [451, 250])
            #expect(attempts.map(\.address) == ["192.0.2.25", "192.0.2.25"])
            #expect(attempts.first?.finding?.text == "The post office answered 451: said of [redacted].")
        }
    }

    /// As the message's own protocol defines it: there, 421 means no answer, and five of those open the circuit.
    @Test func theProtocolDecidesWhatAFailureMeansForTheReceiver() async throws {
        let post = PostOffice(421)
        try await withPost(post) { world, channel, _ in
            for run in 1...5 as ClosedRange<Int64> {
                _ = try await world.router.accept(
                    .testStarted(.sample(run)), idempotencyKey: nil, as: world.service)
            }
            try await wait { post.taken.count >= 5 }
            var health: ReceiverHealth?
            for _ in 0..<1000 where health?.circuit == nil {
                try await Task.sleep(for: .milliseconds(20))
                health = try await world.repository.channelWithHealth(
                    channel.id, of: world.organization, as: world.owner
                ).health
            }
            #expect(health?.circuit != nil)
        }
    }

    @Test func aLetterIsTestedAndPreviewed() async throws {
        let post = PostOffice(550)
        try await withPost(post) { world, channel, http in
            let tester = ChannelTester(
                repository: world.repository, transports: Transports(http: http), now: { world.now })
            let report = try await tester.test(channel.id, of: world.organization, as: world.owner)
            #expect(report.verdict.word == "refused")
            #expect(report.text == "The post office answered 550: said of [redacted].")
            #expect(report.message.transport == "SMTP")
            #expect(report.message.envelope.map(\.value) == ["runbell@example.org", "ops@mail.example.org"])
            #expect(try #require(report.exchange.answer).text == "said of [redacted]")
            let shown = try await tester.preview(
                .testNotificationChannel, for: channel.id, of: world.organization, as: world.owner)
            #expect(shown.wire == report.message && shown.preview == nil)
            #expect(post.taken.count == 1)
        }
    }
}
