import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Notifications
import Repository
import ServiceLifecycleTestKit
import Synchronization
import TestSupport
import Testing

@testable import Web
@testable import WebPages
@testable import WebServing

/// What a client sees when admission refuses its request.
@Suite struct AdmissionGateTests {
    private func post(_ caller: Caller, _ key: String, _ events: Int = 1) async throws -> Reply {
        let all = (0..<events).map { TestInput.event(run: Int64($0 + 1)) }
        return events == 1
            ? try await caller.send(.post, "/v1/events", key: key, all[0])
            : try await caller.send(.post, "/v1/events/batch", key: key, ["events": .array(all)])
    }

    @Test func aFullDiskRefusesAllThatWrites() async throws {
        let service = try await ServiceUnderTest()
        let hasSpace = Mutex(true)
        try await service.run(hasSpace: { hasSpace.withLock { $0 } }) { caller in
            let channel = "/v1/organizations/1/channels"
            #expect(try await post(caller, service.scheduler).status == 202)
            hasSpace.withLock { $0 = false }
            for reply in [
                try await post(caller, service.scheduler), try await post(caller, service.scheduler, 2),
                try await caller.send(.post, channel, key: service.owner, TestInput.webHook()),
            ] {
                #expect(reply.status == 507)
                #expect(try reply.json["type"] == "/problems/insufficient_storage")
                #expect(reply.headers[.retryAfter] == "5")
            }
            #expect(try await caller.send(.get, channel, key: service.owner).status == 200)
            #expect(try await caller.send(.get, "/readyz").status == 503)
            #expect(try await caller.send(.get, "/healthz").status == 200)
            hasSpace.withLock { $0 = true }
            #expect(try await post(caller, service.scheduler).status == 202)
            #expect(try await caller.send(.get, "/readyz").status == 200)
        }
    }

    /// These requests carry no key.
    @Test func reportsOfBrowsersAreAdmittedLikeAllElse() async throws {
        let service = try await ServiceUnderTest()
        let hasSpace = Mutex(true)
        try await service.run(hasSpace: { hasSpace.withLock { $0 } }) { caller in
            let report: HTTPFields = [.contentType: "application/csp-report"]
            let body = { (count: Int) in
                Array(#"{"csp-report":{"blocked-uri":""#.utf8) + Array(repeating: UInt8(ascii: "a"), count: count)
                    + Array(#""}}"#.utf8)
            }
            let small = try await caller.send(.post, "/csp-reports", bytes: body(16_000), headers: report)
            #expect(small.status == 204)
            let large = try await caller.send(.post, "/csp-reports", bytes: body(16 * 1024), headers: report)
            #expect(large.status == 413)
            hasSpace.withLock { $0 = false }
            #expect(try await caller.send(.post, "/csp-reports", bytes: body(1), headers: report).status == 507)
        }
    }

    /// A single grapheme cluster may be a megabyte long.
    @Test func whatIsLoggedOfAReportIsShort() {
        let text = "a" + String(repeating: "\u{301}", count: 100_000)
        #expect(PageFileRoutes.quoted(text).utf8.count <= 202)
        #expect(PageFileRoutes.quoted("a\r\n\u{202E}b \" page=") == #""a  b \" page=""#)
        let lines = LineBudget(perMinute: 2)
        let start = ContinuousClock.now
        #expect([0, 1, 2, 59].map { lines.take(at: start + .seconds($0)) } == [true, true, false, false])
        #expect(lines.take(at: start + .seconds(60)))
    }

    /// An extension of the browser that adds a script causes a report from any page.
    @Test(arguments: [
        ("https://a.example/login/0123456789abcdef", "/login/…"), ("http://127.0.0.1:8080/login?to=/x", "/login"),
        ("https://a.example/mail/42/0198c0de-0000/ffffffffffffffffffffffff#a", "/mail/…/…/…"), ("inline", ""), ("", ""),
        ("https://a.example/organizations/42/audit-log", "/organizations/…/audit-log"),
    ])
    func linksThatAreSecretsAreNotLogged(_ address: String, _ shown: String) {
        #expect(PageFileRoutes.shape(of: address) == shown)
        let origin = PageFileRoutes.origin(of: address)
        #expect(address.isEmpty || address == "inline" ? origin == address : origin.pieces(between: "/").count == 3)
    }

    /// The reading of an export begins when its handler has returned.
    @Test func whatIsReadWhileABodyIsWrittenIsChargedToo() async throws {
        let service = try await ServiceUnderTest()
        var routes = service.web().routes()
        routes.on(.get, "/v1/pieces") { _, _ in
            #expect(ReadingMeter.current != nil)
            return Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "charged: \(ReadingMeter.current != nil)"))
                    try await writer.finish(nil)
                })
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let application = WebServer(routes: routes).application(host: "127.0.0.1", port: 0, logger: logger)
        try await application.test(.router) { client in
            let reply = try await Caller(client: client).send(.get, "/v1/pieces", key: service.member)
            #expect(reply.text == "charged: true")
        }
    }

    @Test(arguments: [
        ("/organizations/1/channels/recognize", true), ("/v1/organizations/1/channels/preview", true),
        ("/v1/channel-kinds/recognize", true), ("/v1/organizations/1/channels", false), ("/v1/events", false),
        ("/v1/events/batch", false), ("/login", false),
    ])
    func whatChangesNothingOrIsAnsweredWithAPageTakesTurnsWithReads(_ path: String, _ takesTurns: Bool) {
        #expect(SpecialPaths.costsLikeReading(path) == takesTurns)
    }

    /// Requests already admitted are answered; new ones are for the next process.
    @Test func whoIsBeingStoppedTakesNothingNew() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            try await testGracefulShutdown { trigger in
                trigger.triggerGracefulShutdown()
                let reply = try await post(caller, service.scheduler)
                #expect(reply.status == 503)
                #expect(try reply.json["type"] == "/problems/shutting_down")
                #expect(reply.headers[.retryAfter] == "5")
                #expect(reply.headers[.connection] == "close")
                #expect(try await caller.send(.get, "/readyz").status == 503)
                let read = try await caller.send(.get, "/v1/organizations/1/events", key: service.owner)
                #expect(read.status == 200)
                #expect(read.headers[.connection] == "close")
            }
        }
    }

    /// A batch is stored in pieces. What was stored stays, and the answer says so; for the rest it says why not.
    @Test func aBatchThatEndsMidwayTellsTheFateOfEachEvent() async throws {
        let service = try await ServiceUnderTest()
        let asked = Mutex(0)
        @Sendable func hasSpace() -> Bool {
            asked.withLock { asked in
                asked += 1
                // Two for the channels, one at admission, one for the first piece.
                return asked <= 4
            }
        }
        try await service.run(hasSpace: hasSpace) { caller in
            for _ in 1...2 {
                let path = "/v1/organizations/1/channels"
                #expect(try await caller.send(.post, path, key: service.owner, TestInput.webHook()).status == 201)
            }
            let reply = try await post(caller, service.scheduler, 1000)
            #expect(reply.status == 202)
            let results = try #require(try reply.json["results"]?.array)
            // Three rows each: the 17th event reaches 50.
            #expect(results.prefix(17).allSatisfy { $0["status"] == 202 })
            #expect(results.dropFirst(17).allSatisfy { $0["type"] == "/problems/insufficient_storage" })
            #expect(results.count == 1000)
            let ledger = try await caller.send(.get, "/v1/organizations/1/ledger", key: service.owner).json
            #expect(ledger["events"] == 17 && ledger["balanced"] == true)
        }
    }

    /// Ten of an organization's channels are free; an event to more of them counts as several.
    @Test func anEventPaysForItsDeliveries() async throws {
        let service = try await ServiceUnderTest()
        try await service.run(admission: AdmissionLimits(eventsPerSecond: 1)) { caller in
            for _ in 1...20 {
                let path = "/v1/organizations/1/channels"
                #expect(try await caller.send(.post, path, key: service.owner, TestInput.webHook()).status == 201)
            }
            #expect(try await post(caller, service.scheduler).status == 202)
            let batch = try await post(caller, service.scheduler, 600)
            #expect(batch.status == 429)
            // 1,200 are needed, and 998 are available.
            let pause = try #require(batch.headers[.retryAfter].flatMap { Int($0) })
            #expect((1...3).contains(pause), "of a full allowance it is taken")
            #expect(try await post(caller, service.scheduler, 400).status == 202)
        }
    }

    /// The key is checked first: a stranger learns nothing about the disk.
    @Test func theKeyComesFirst() async throws {
        let service = try await ServiceUnderTest()
        try await service.run(hasSpace: { false }) { caller in
            let reply = try await caller.send(.post, "/v1/events", TestInput.event())
            #expect(reply.status == 401)
        }
    }

    @Test func tooManyEventsOfOneOrganizationAreRefused() async throws {
        let service = try await ServiceUnderTest()
        let start = ContinuousClock.now
        try await service.run(admission: AdmissionLimits(eventsPerSecond: 1)) { caller in
            #expect(try await post(caller, service.scheduler, 999).status == 202)
            let batch = try await post(caller, service.scheduler, 100)
            #expect(batch.status == 429)
            #expect(try batch.json["type"] == "/problems/too_many_events")
            let pause = try #require(batch.headers[.retryAfter].flatMap { Int($0) })
            // 100 at one a second, less what has become due since the start.
            let passed = Int((ContinuousClock.now - start).components.seconds)
            #expect((98 - passed...100).contains(pause))
            #expect(try await caller.send(.get, "/v1/organizations/1/events", key: service.owner).status == 200)
            let key = try await service.other.service().key
            let other = try await caller.send(.post, "/v1/events", key: key, TestInput.event(organization: 2))
            #expect(other.status == 202)
        }
    }
}
