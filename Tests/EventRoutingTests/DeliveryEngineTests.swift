import EventRouting
import Notifications
import Repository
import Synchronization
import TestSupport
import Testing

/// The router, the engine and the repository together, over a scripted network.
@Suite struct DeliveryEngineTests {
    @Test func anEventReachesEveryChannelThatWantsIt() async throws {
        let transport = ScriptedTransport(status: 200)
        try await World.withEngine(transport) { world in
            for name in ["One", "Two"] { _ = try await world.channel(name) }
            _ = try await world.channel("None", subscription: Subscription(reading: ["events": ["test.finished"]]))
            let accepted = try await world.router.accept(
                .testStarted(.sample()), idempotencyKey: nil, as: world.service)
            try await world.wait(for: accepted.eventID) { $0.state != .due && $0.state != .claimed }
            let outcomes = try await world.outcomes(of: accepted.eventID)
            #expect(
                outcomes.compactMap(\.state).sorted { $0.rawValue < $1.rawValue } == [.delivered, .delivered, .skipped])
            #expect(transport.sent.count == 2)
            let ids = transport.sent.compactMap { $0.headers.first { $0.name == "X-LoadImpact-ID" }?.value }
            #expect(Set(ids).count == 2)
        }
    }

    @Test func whatGoesToAReceiverThatAnswersIsClaimedWithItsEvent() async throws {
        let transport = ScriptedTransport(status: 200)
        try await World.withEngine(transport) { world in
            let channel = try await world.channel("One")
            var claimed: [ChannelID] = []
            for _ in 0..<5 {
                let accepted = try await world.router.accept(
                    .testStarted(.sample()), idempotencyKey: nil, as: world.service)
                claimed += accepted.claimed.map(\.queue.channelID)
                try await world.wait(for: accepted.eventID) { $0.state == .delivered }
            }
            #expect(claimed == Array(repeating: channel.id, count: 4))
            #expect(transport.sent.count == 5)
        }
    }

    @Test func aFailureIsRetriedWithTheSameIdWhenItIsDue() async throws {
        let transport = ScriptedTransport { _, number in
            .answered(Answer(status: number == 1 ? 503 : 200, at: Timestamp(seconds: 0)))
        }
        try await World.withEngine(transport) { world in
            _ = try await world.channel("One")
            let accepted = try await world.router.accept(
                .testStarted(.sample()), idempotencyKey: nil, as: world.service)
            try await world.wait(for: accepted.eventID) { $0.reason == "http.503" && $0.state == .due }
            #expect(transport.sent.count == 1)
            world.advance(by: .seconds(8))
            try await world.wait(for: accepted.eventID) { $0.state == .delivered }
            let ids = transport.sent.compactMap { $0.headers.first { $0.name == "X-LoadImpact-ID" }?.value }
            #expect(ids.count == 2 && Set(ids).count == 1)
        }
    }

    @Test func aChannelThatHangsDelaysNoOther() async throws {
        let isReleased = Mutex(false)
        let transport = ScriptedTransport { request, _ in
            while request.url.contains("hang"), !isReleased.withLock({ $0 }) {
                try? await Task.sleep(for: .milliseconds(10))
            }
            return .answered(Answer(status: 200, at: Timestamp(seconds: 0)))
        }
        try await World.withEngine(transport) { world in
            defer { isReleased.withLock { $0 = true } }
            _ = try await world.channel("Hang", url: "https://hang.example.com/")
            _ = try await world.channel("Quick")
            var events: [EventID] = []
            for _ in 0..<40 {
                events.append(
                    try await world.router.accept(
                        .testStarted(.sample()), idempotencyKey: nil, as: world.service
                    ).eventID)
            }
            for event in events {
                try await world.wait(for: event) { $0.channelName != "Quick" || $0.state == .delivered }
            }
            let hanging = transport.sent.filter { $0.url.contains("hang") }.count
            #expect(hanging == 8)
        }
    }

    @Test func startsArriveBeforeEnds() async throws {
        let transport = ScriptedTransport { _, _ in
            try? await Task.sleep(for: .milliseconds(Int.random(in: 0...20)))
            return .answered(Answer(status: 200, at: Timestamp(seconds: 0)))
        }
        try await World.withEngine(transport) { world in
            _ = try await world.channel("One")
            var last: EventID?
            for number in 1...30 {
                let run = LoadTestRun.sample(Int64(number))
                for content in [EventContent.testStarted(run), .testFinished(run)] {
                    last = try await world.router.accept(content, idempotencyKey: nil, as: world.service).eventID
                }
            }
            try await world.wait(for: #require(last)) { $0.state == .delivered }
            try await world.waitForAll()
            let order = transport.sent.compactMap { try? JSONValue.parse($0.body) }
            for number in 1...30 {
                let words = order.filter { $0["load_test_run_id"] == .integer(Int64(number)) }.map {
                    $0["event"]?.string
                }
                #expect(words == ["test.started", "test.finished"])
            }
        }
    }

    @Test func theEndOfARunIsSentAfterItsStartWasDelivered() async throws {
        let transport = ScriptedTransport { _, number in
            if number == 1 { try? await Task.sleep(for: .milliseconds(300)) }
            return .answered(Answer(status: 200, at: Timestamp(seconds: 0)))
        }
        try await World.withEngine(transport) { world in
            _ = try await world.channel("One")
            _ = try await world.router.accept(.testStarted(.sample()), idempotencyKey: nil, as: world.service)
            try await wait { !transport.sent.isEmpty }
            let end = try await world.router.accept(
                .testFinished(.sample()), idempotencyKey: nil, as: world.service)
            try await Task.sleep(for: .milliseconds(100))
            #expect(transport.sent.count == 1)
            try await world.wait(for: end.eventID) { $0.state == .delivered }
        }
    }

    @Test func theEngineFinishesDeliveriesInFlightBeforeItStops() async throws {
        let transport = ScriptedTransport { _, _ in
            try? await Task.sleep(for: .milliseconds(300))
            return .answered(Answer(status: 200, at: Timestamp(seconds: 0)))
        }
        let seen = Mutex<(World, EventID)?>(nil)
        try await World.withEngine(transport) { world in
            _ = try await world.channel("Slow")
            let accepted = try await world.router.accept(
                .testStarted(.sample()), idempotencyKey: nil, as: world.service)
            try await world.wait(for: accepted.eventID) { $0.state == .claimed }
            seen.withLock { $0 = (world, accepted.eventID) }
        }
        let (world, event) = try #require(seen.withLock { $0 })
        #expect(try await world.outcomes(of: event).map(\.state) == [.delivered])
    }

    @Test func testingADraftSendsTheTestEventAndReportsTheResult() async throws {
        let transport = ScriptedTransport(status: 404)
        let world = try await World(transport: transport)
        let tester = ChannelTester(
            repository: world.repository, transports: Transports(http: transport), now: { world.now })
        let report = try await tester.test(in: world.organization, as: world.owner) { ChannelDraft.webHook("Draft") }
        #expect(report.verdict.word == "retry")
        #expect(report.message.body == #"{"event":"test.notification_channel"}"#)
        #expect(report.text.contains("404"))
        #expect(!"\(report.message)".contains("secret-canary"))
        #expect(transport.sent.count == 1)
    }
}
