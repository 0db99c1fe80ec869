import EventRouting
import Notifications
import Repository
import TestSupport
import Testing

/// The end of a run replaces the message about its start, from the answer to that to the request that changes it.
@Suite struct StartedMessageTests {
    private static let url = "https://discord.com/api/webhooks/417429632418316298/" + String(repeating: "d", count: 68)

    private func channel(_ world: World) async throws -> Channel {
        try await world.repository.createChannel(in: world.organization, as: world.owner) { () throws(InvalidInput) in
            ChannelDraft(
                kind: "discord", name: "Discord",
                settings: ChannelSettings(
                    JSONObject([.init(key: "url", value: .string(Self.url)), .init(key: "replace", value: true)])))
        }
    }

    private func deliver(_ content: EventContent, in world: World) async throws -> EventID {
        let event = try await world.router.accept(content, idempotencyKey: nil, as: world.service).eventID
        try await world.wait(for: event) { $0.state == .delivered }
        return event
    }

    private static func discord(hasMessage: Bool) -> ScriptedTransport {
        ScriptedTransport { request, _ in
            let found = Answer(status: 200, body: Array(#"{"type":0,"id":"13"}"#.utf8), at: Timestamp(seconds: 0))
            let unknown = Answer(status: 404, body: Array(#"{"code":10008}"#.utf8), at: Timestamp(seconds: 0))
            return .answered(request.method == .post || hasMessage ? found : unknown)
        }
    }

    @Test func aFinishedMessageReplacesTheStartedOne() async throws {
        let transport = Self.discord(hasMessage: true)
        try await World.withEngine(transport) { world in
            _ = try await channel(world)
            _ = try await deliver(.testStarted(.sample()), in: world)
            _ = try await deliver(.testFinished(.sample()), in: world)
            #expect(transport.sent.map(\.method) == [.post, .patch])
            #expect(transport.sent.map(\.url) == [Self.url + "?wait=true", Self.url + "/messages/13"])
        }
    }

    @Test func withoutTheStartedMessageItIsSentOnItsOwn() async throws {
        let transport = Self.discord(hasMessage: false)
        try await World.withEngine(transport) { world in
            _ = try await channel(world)
            _ = try await deliver(.testStarted(.sample()), in: world)
            let event = try await world.router.accept(
                .testFinished(.sample()), idempotencyKey: nil, as: world.service
            ).eventID
            try await world.wait(for: event) { $0.reason == "started_message_gone" && $0.state == .due }
            let outcome = try #require(try await world.outcomes(of: event).first)
            #expect(outcome.text.contains("no longer has the message about the run's start"))
            world.advance(by: .seconds(8))
            try await world.wait(for: event) { $0.state == .delivered }
            #expect(transport.sent.map(\.method) == [.post, .patch, .post])
            #expect(transport.sent.map(\.url) == [Self.url + "?wait=true", Self.url + "/messages/13", Self.url])
        }
    }

    /// Even when the schedule has no attempt left: the next one is another message.
    @Test func itIsSentOnItsOwnAfterTheLastAttemptToo() async throws {
        let transport = Self.discord(hasMessage: false)
        try await World.withEngine(transport) { world in
            let channel = try await channel(world)
            _ = try await deliver(.testStarted(.sample()), in: world)
            _ = try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
            let event = try await world.router.accept(
                .testFinished(.sample()), idempotencyKey: nil, as: world.service
            ).eventID
            let last = RetrySchedule.standard.attempts - 1
            try await world.database.execute("UPDATE deliveries SET attempts = \(last) WHERE state = 'due'")
            let channels = Channels(repository: world.repository, wake: world.engine.wake)
            _ = try await channels.resume(channel.id, of: world.organization, skipOlderThan: nil, as: world.owner)
            try await world.wait(for: event) { $0.reason == "started_message_gone" && $0.state == .due }
            world.advance(by: .seconds(8))
            try await world.wait(for: event) { $0.state == .delivered }
        }
    }
}
