import EventRouting
import HTTPTypes
import Hummingbird
import Logging
import Notifications
import Repository
import Synchronization
import TestSupport
import Testing

@testable import WebPages

/// Changing a channel, on a page or through the API, wakes what is waiting there.
@Suite struct ChannelChangeTests {
    /// Refuses at the old address, asking for a day of silence, and accepts everything at any other.
    private final class MovingReceiver: HTTPTransport {
        private let taken = Mutex(0)
        var count: Int { taken.withLock { $0 } }

        func send(_ request: HTTPMessage, for payer: OrganizationID?, deadline: Duration) async -> Exchange {
            let isOld = request.url.contains("/old/")
            if !isOld { taken.withLock { $0 += 1 } }
            let headers = isOld ? [Answer.Header("Retry-After", "86400")] : []
            return Exchange(
                result: .answered(Answer(status: isOld ? 429 : 200, headers: headers, at: TestClock.wall())))
        }
    }

    /// Runs the service with a delivering engine, and a channel whose receiver asked for a day of silence.
    private func withWaiting(
        _ body: @escaping @Sendable (Caller, ServiceUnderTest, _ channel: String, MovingReceiver) async throws -> Void
    ) async throws {
        let service = try await ServiceUnderTest()
        let receiver = MovingReceiver()
        let start = ContinuousClock.now
        let engine = DeliveryEngine(
            deliveries: service.stores.deliveries, transports: Transports(http: receiver),
            logger: Logger(label: "test"),
            clock: ServiceClock(wall: TestClock.wall, steady: { ContinuousClock.now - start }))
        let running = Task { try await engine.run() }
        try await service.run(router: EventRouter(repository: service.repository, engine: engine)) { caller in
            let made = try await caller.send(
                .post, "/v1/organizations/1/channels", key: service.owner, TestInput.webHook(path: "old/0123456789"))
            let id = try #require(try made.json["id"]?.string)
            for run in [1, 2] as [Int64] {
                let posted = try await caller.send(
                    .post, "/v1/events", key: service.scheduler, TestInput.event(run: run))
                #expect(posted.status == 202)
                try await wait { try await Self.isHeld(id, caller, service) }
            }
            try await body(caller, service, id, receiver)
        }
        running.cancel()
        try await running.value
    }

    private static func isHeld(_ id: String, _ caller: Caller, _ service: ServiceUnderTest) async throws -> Bool {
        let shown = try await caller.send(.get, "/v1/organizations/1/channels/\(id)", key: service.owner)
        return try shown.json["health"]?["hold"]?["until"]?.string != nil
    }

    private static let form: HTTPFields = [
        .contentType: "application/x-www-form-urlencoded", .secFetchSite: "same-origin",
    ]

    private static func post(_ caller: Caller, _ path: String, _ body: String, cookie: String = "") async throws
        -> Reply
    {
        try await caller.send(
            .post, path, bytes: Array(body.utf8), headers: form.merging([.cookie: cookie]))
    }

    /// The session's cookie, and the form field that all its forms have.
    private static func signIn(_ caller: Caller, _ key: String) async throws -> (cookie: String, token: String) {
        let reply = try await post(caller, "/login", "key=\(key)")
        let cookie = String(try #require(reply.headers[.setCookie]).prefix { $0 != ";" })
        let page = try await caller.send(.get, "/organizations/1/notifications", headers: [.cookie: cookie])
        let token = try #require(page.text.firstMatch(of: /name="form_token" value="([^"]+)"/)?.1)
        return (cookie, "form_token=\(token)")
    }

    @Test func anAddressThatIsChangedThroughTheAPIIsTriedAtOnce() async throws {
        try await withWaiting { caller, service, id, receiver in
            let changed = try await caller.send(
                .put, "/v1/organizations/1/channels/\(id)", key: service.owner,
                TestInput.webHook(path: "new/0123456789"))
            #expect(changed.status == 200)
            try await wait { receiver.count == 2 }
        }
    }

    @Test func anAddressThatIsChangedOnAPageIsTriedAtOnce() async throws {
        try await withWaiting { caller, service, id, receiver in
            let (cookie, token) = try await Self.signIn(caller, service.owner)
            let saved = try await Self.post(
                caller, "/organizations/1/channels/\(id)",
                "\(token)&kind=webhook&channel=\(id)&name=CI&origin=page&settings.url=https%3A%2F%2Fci.example.org%2Fnew%2F012345",
                cookie: cookie)
            #expect(saved.status == 303)
            try await wait { receiver.count == 2 }
        }
    }

    @Test func whatWaitsAtAPausedChannelGoesWhenItIsResumedOnAPage() async throws {
        try await withWaiting { caller, service, id, receiver in
            let (cookie, token) = try await Self.signIn(caller, service.owner)
            let path = "/organizations/1/channels/\(id)"
            _ = try await Self.post(caller, path + "/pause", token, cookie: cookie)
            _ = try await Self.post(
                caller, path,
                "\(token)&kind=webhook&channel=\(id)&name=CI&origin=page&settings.url=https%3A%2F%2Fci.example.org%2Fnew%2F012345",
                cookie: cookie)
            #expect(try await Self.post(caller, path + "/resume", token, cookie: cookie).status == 303)
            try await wait { receiver.count == 2 }
        }
    }
}

extension HTTPFields {
    fileprivate func merging(_ others: HTTPFields) -> HTTPFields {
        var all = self
        for field in others where !field.value.isEmpty { all.append(field) }
        return all
    }
}
