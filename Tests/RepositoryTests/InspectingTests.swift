import Notifications
import Repository
import TestSupport
import Testing

/// What is kept of an attempt for the page of its delivery.
@Suite(.everyEngine) struct InspectingTests {
    private let away = Verdict.retry(Finding("http.503", "It answered 503."), after: nil)

    private func failed(_ world: TestWorld, _ delivery: ClaimedDelivery, head: String?) async throws {
        let plain = world.result(delivery, away)
        let attempt = Attempt(
            number: delivery.attempt, startedAt: world.clock.now, duration: .milliseconds(9), verdict: "retry",
            finding: away.finding, status: 503, address: "127.0.0.1", answer: Array("later".utf8), answerHead: head,
            channelVersion: delivery.channel.version,
            timings: Timings(resolve: .milliseconds(1), head: .milliseconds(7), total: .milliseconds(9)))
        let result = DeliveryResult(
            delivery: delivery, attempt: attempt, verdict: away, failure: .failing, outcome: plain.outcome,
            uptime: plain.uptime)
        #expect(try await world.deliveries.record(result).isOurs)
    }

    @Test func headersTimingsAndVersionAreKept() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        try await failed(world, delivery, head: "Server: ö\nX-Trace: 1\n")
        let found = try await world.repository.delivery(delivery.id, of: world.organization, as: world.owner)
        let attempt = try #require(found.attempts.first)
        #expect(attempt.answerHead == "Server: ö\nX-Trace: 1\n" && attempt.answer == Array("later".utf8))
        #expect(attempt.channelVersion == 1)
        #expect(attempt.timings == Timings(resolve: .milliseconds(1), head: .milliseconds(7), total: .milliseconds(9)))
        let kept = try await world.database.read { connection throws(RepositoryError) in
            try connection.row("SELECT answer FROM attempts", []) { row in row.blob(0) }
        }
        #expect(kept.map { String(decoding: $0, as: UTF8.self).contains("Trace") } == false, "it is encrypted")
    }

    @Test func aRequestIsMadeOfTheChannelAsItWas() async throws {
        let world = try await TestWorld()
        _ = try await world.channel("Another")
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        try await failed(world, delivery, head: nil)
        _ = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ throws(InvalidInput) in ChannelDraft.webHook(url: "https://other.example.com/hook") }
        let found = try await world.repository.delivery(delivery.id, of: world.organization, as: world.owner)
        let content = EventContent.testStarted(.sample(1))
        let makings = try await world.repository.requestMakings(
            of: found.attempts, of: found.delivery, content, as: world.owner)
        #expect(makings?.settings[1]?["url"] == .string(ChannelDraft.webHookURL))
        let member = try await world.member(7, .member)
        await #expect(throws: RepositoryError.self) {
            try await world.repository.requestMakings(of: found.attempts, of: found.delivery, content, as: member)
        }
        try await world.repository.removeChannel(channel.id, of: world.organization, version: nil, as: world.owner)
        let gone = try await world.repository.requestMakings(
            of: found.attempts, of: found.delivery, content, as: world.owner)
        #expect(gone?.kind == nil)
    }

    @Test func whatWasDeliveredIsSentAgainOnlyIfAskedFor() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(delivery, .delivered))
        await #expect(throws: RepositoryError.self) {
            try await world.repository.retryDelivery(delivery.id, of: world.organization, as: world.owner)
        }
        let due = try await world.repository.retryDelivery(
            delivery.id, of: world.organization, again: true, as: world.owner)
        #expect(due.state == .due)
        let again = try #require(try await world.claim(channel).first)
        #expect(again.id == delivery.id && again.attempt == 2 && again.attemptOfRound == 1)
    }
}
