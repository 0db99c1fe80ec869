import Foundation
import HTTPTypes
import HummingbirdTesting
import Notifications
import Testing

/// The cases of Tests/Data/malformed-inputs.json: never a 5xx, nothing changed, answered quickly, the process alive.
@Suite struct MalformedInputTests {
    @Test(arguments: MalformedInput.cases)
    func isRefusedAndChangesNothing(_ input: MalformedInput) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let before = try await state(caller, service)
            for request in input.requests {
                let start = ContinuousClock.now
                let key =
                    switch request.key {
                    case .operator: service.operatorKey.reveal()
                    case .owner: service.owner
                    case .scheduler: service.scheduler
                    }
                let reply = try await caller.send(
                    request.method, request.path, key: key, bytes: request.bytes, headers: request.headers)
                #expect(input.statuses.contains(reply.status), "\(reply.status) \(reply.text.prefix(300))")
                #expect(reply.headers[.contentType] == "application/problem+json")
                #expect(ContinuousClock.now - start < .seconds(5))
            }
            let after = try await state(caller, service)
            #expect(before == after)
        }
    }

    /// Accepted, and returned unchanged.
    @Test(
        arguments: [
            "x\u{FFFE}\u{10FFFF}", "\u{E9}", "e\u{301}", "' OR 1=1 --", "x'); DROP TABLE channels;--",
            "\"; PRAGMA writable_schema=ON;", "{{7*7}} ${7*7} <%= %> {{#each}}", "<script>alert(1)</script>",
            "\"><img onerror=x>", "</textarea>", "=cmd|' /C calc'!A0",
        ])
    func isKeptAsItIs(_ name: String) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(
                .post, "/v1/organizations/1/channels", key: service.owner, TestInput.webHook(name: name))
            #expect(made.status == 201)
            let list = try await caller.send(.get, "/v1/organizations/1/channels", key: service.owner).json["data"]?
                .array
            #expect(list?.count == 1)
            let kept = try #require(list?.first?["name"]?.string)
            #expect(Array(kept.utf8) == Array(name.utf8))
            #expect(made.headers[.contentType] == "application/json")
        }
    }

    /// Each follows a rule in docs/api.md: any `Accept` gets JSON, and -0 is 0.
    @Test func acceptAndMinusZeroAreTaken() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(
                .get, "/v1/organizations/1", key: service.owner, headers: [.accept: "application/xml"])
            #expect(reply.headers[.contentType] == "application/json")
            let bytes = Array(
                TestInput.event().compactText.replacing(#""project_id":1"#, with: #""project_id":-0"#).utf8)
            let event = try await caller.send(
                .post, "/v1/events", key: service.scheduler, bytes: bytes, headers: [.contentType: "application/json"])
            #expect(event.status == 202)
            let events = try await caller.send(.get, "/v1/organizations/1/events", key: service.member).json
            #expect(events["data"]?.array?.first?["content"]?["project_id"] == 0)
        }
    }

    /// A case added to the file fails here until it has a test.
    @Test func everyCaseOfTheFileHasATest() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "Data/malformed-inputs.json")
        let cases = try #require(try JSONValue.parse(Array(Data(contentsOf: file))).array)
        let known = Set(MalformedInput.cases.map(\.id)).union(Self.elsewhere.keys)
        #expect(cases.count == 78)
        let ids = Set(cases.compactMap { $0["id"]?.string })
        #expect(ids.subtracting(known) == [])
    }

    /// Cases covered by other tests, or about features that this service does not have yet.
    private static let elsewhere = [
        "bad-024": "isKeptAsItIs", "bad-025": "isKeptAsItIs", "bad-096": "isKeptAsItIs", "bad-097": "isKeptAsItIs",
        "bad-105": "isKeptAsItIs", "bad-106": "isKeptAsItIs", "bad-108": "isKeptAsItIs: exports are JSON, no CSV",
        "bad-042": "acceptAndMinusZeroAreTaken", "bad-067": "acceptAndMinusZeroAreTaken",
        "bad-054": "ConnectionTests", "bad-055": "ConnectionTests", "bad-069": "ConnectionTests",
        "bad-070": "ConnectionTests", "bad-072": "ConnectionTests", "bad-073": "ConnectionTests",
        "bad-075": "ConnectionTests", "bad-076": "ConnectionTests", "bad-078": "ConnectionTests",
        "bad-079": "ConnectionTests, RouteTests", "bad-081": "ConnectionTests", "bad-082": "ConnectionTests",
        "bad-084": "ConnectionDeadlinesTests", "bad-085": "ConnectionTests", "bad-091": "RouteTests",
        "bad-103": "RouteTests", "bad-109": "AuthenticationTests", "bad-111": "AuthenticationTests, RouteTests",
        "bad-112": "JSON web tokens are not taken", "bad-114": "AuthenticationTests", "bad-115": "ChannelRoutesTests",
        "bad-117": "EventRoutesTests",
    ]

    private func state(_ caller: Caller, _ service: ServiceUnderTest) async throws -> [JSONValue] {
        var parts: [JSONValue] = []
        for suffix in ["", "/members", "/keys", "/channels", "/events", "/deliveries", "/audit-log"] {
            parts.append(try await caller.send(.get, "/v1/organizations/1" + suffix, key: service.owner).json)
        }
        return parts
    }
}
