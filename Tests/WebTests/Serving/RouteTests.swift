import HTTPTypes
import Notifications
import TestSupport
import Testing

/// What holds for all routes.
@Suite struct RouteTests {
    @Test func whateverIsNotThereLooksTheSame() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let paths = [
                "/v1/organizations/2", "/v1/organizations/999", "/v1/organizations/2/channels",
                "/v1/organizations/999/channels", "/v1/organizations/01", "/v1/organizations/+1", "/v1/organizations/x",
                "/v1/organizations/9223372036854775808", "/v1/nothing", "/nothing", "/v1/organizations/1/members/999",
                "/v1/organizations/2/audit-log", "/v1/organizations/2/members", "/v1/organizations/2/keys",
                "/v1/organizations/1/channels/0197a3c0-7d5e-7c3a-9d9e-2f0c5c0f5a11",
                "/v1/organizations/1/channels/0197A3C0-7D5E-7C3A-9D9E-2F0C5C0F5A11",
                "/v1/organizations/1/channels/{0197a3c0-7d5e-7c3a-9d9e-2f0c5c0f5a11}",
                "/v1/organizations/1/channels/0197a3c0-7d5e-7c3a-9d9e-2f0c5c0f5a1",
                "/v1/organizations/1/events/7", "/v1/organizations/1/deliveries/7",
                "//v1//organizations//1", "/v1/organizations/../organizations/1", "/v1/organizations/1/",
                "/v1/organizations/%31", "/v1/organizations/..%2f..%2fetc", "/v1/organizations/%252e",
                "/v1/organizations/1;x=1",
                "/V1/organizations/1", "/v1/organizations/1/" + String(repeating: "7", count: 1900),
            ]
            let first = try await caller.send(.get, paths[0], key: service.owner)
            #expect(first.status == 404)
            for path in paths {
                let reply = try await caller.send(.get, path, key: service.owner)
                #expect(reply.status == 404, "\(path)")
                #expect(reply.headers[.contentType] == "application/problem+json")
                #expect(try reply.withoutRequestID == first.withoutRequestID, "\(path)")
            }
        }
    }

    @Test func writingToAForeignOrganizationLooksLikeWritingToNone() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let draft: JSONValue = ["name": "x", "role": "admin"]
            for (method, path, body) in [
                (.put, "members/5", ["role": "admin"]), (.delete, "members/21", nil),
                (.post, "keys", ["name": "k", "user_id": 21]), (.patch, "", ["name": "Mine"]),
                (.post, "channels", draft),
            ] as [(HTTPRequest.Method, String, JSONValue?)] {
                let suffix = path.isEmpty ? "" : "/" + path
                let foreign = try await caller.send(method, "/v1/organizations/2" + suffix, key: service.owner, body)
                let missing = try await caller.send(method, "/v1/organizations/999" + suffix, key: service.owner, body)
                #expect(foreign.status == 404, "\(method) \(path)")
                #expect(try foreign.withoutRequestID == missing.withoutRequestID)
                #expect(foreign.body.count == missing.body.count)
            }
        }
    }

    @Test(arguments: [
        ("/v1/events", "POST"), ("/v1/organizations/1", "GET, HEAD, PATCH, PUT"), ("/healthz", "GET, HEAD"),
        ("/v1/organizations/1/keys", "GET, HEAD, POST"),
    ])
    func otherMethodsAreNotAllowed(_ path: String, allow: String) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let query = try #require(HTTPRequest.Method("QUERY"))
            for method in [.options, .trace, .delete, .connect, query] {
                let reply = try await caller.send(method, path, key: service.owner)
                #expect(reply.status == 405)
                #expect(reply.headers[.allow] == allow)
            }
        }
    }

    @Test func otherMethodsAreNotAllowedWithABodyEither() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(.delete, "/v1/events", key: service.owner, [:])
            #expect(reply.status == 405)
            #expect(try await caller.send(.get, "/v1/organizations/1", key: service.owner, [:]).status == 400)
        }
    }

    @Test(arguments: ["channels", "members", "keys", "events", "deliveries", "audit-log"])
    func aCursorOfAnotherListIsRefused(_ list: String) async throws {
        let service = try await ServiceUnderTest()
        let path = "/v1/organizations/1/\(list)"
        try await service.run { caller in
            for cursor in [
                Cursor(position: "another list's").text(of: path), Cursor(position: "1").text(of: path + "/1"),
                Cursor(position: "1").text(of: "/v1/organizations/2/\(list)"),
                Cursor(position: ChannelID(at: TestClock.wall()).text).text(of: "/v1/organizations/2/\(list)"),
            ] {
                let reply = try await caller.send(.get, "\(path)?cursor=\(cursor)", key: service.owner)
                #expect(reply.status == 400)
                #expect(try reply.wrongFields == ["cursor"])
            }
        }
    }

    @Test func channelKindsAreAListLikeAnyOther() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let whole = try await caller.send(.get, "/v1/channel-kinds", key: service.member).json
            var found: [JSONValue] = []
            var cursor = ""
            repeat {
                let path = "/v1/channel-kinds?limit=7" + (cursor.isEmpty ? "" : "&cursor=\(cursor)")
                let page = try await caller.send(.get, path, key: service.member)
                #expect(page.status == 200)
                found += try page.json["data"]?.array ?? []
                cursor = try page.json["next_cursor"]?.string ?? ""
            } while !cursor.isEmpty && found.count < 100
            #expect(whole["data"] == .array(found))
            let wrong = try await caller.send(.get, "/v1/channel-kinds?name=1", key: service.member)
            #expect(wrong.status == 400)
        }
    }

    @Test(arguments: ["007", "+1", "-1", "0x1"], ["/v1/audit-checkpoints", "/v1/organizations/1/events/live"])
    func aNumberInAQueryHasOneSpelling(_ number: String, _ path: String) async throws {
        let service = try await ServiceUnderTest()
        let key = path.contains("audit") ? service.operatorKey.reveal() : service.member
        try await service.run { caller in
            let reply = try await caller.send(.get, "\(path)?after=\(number)", key: key)
            #expect(reply.status == 400)
            #expect(try reply.wrongFields == ["after"])
            #expect(try await caller.send(.get, path + "?after=7", key: key).status == 200)
        }
    }

    @Test(arguments: ["BREW", "PROPFIND"], ["/v1/events", "/healthz", "/v1/nothing"])
    func unknownMethodsAreNotImplemented(_ word: String, _ path: String) async throws {
        let service = try await ServiceUnderTest()
        let method = try #require(HTTPRequest.Method(word))
        try await service.run { caller in
            let reply = try await caller.send(method, path, key: service.owner)
            #expect(reply.status == 501)
            #expect(reply.headers[.allow] == nil)
            #expect(try reply.json["type"] == "/problems/unknown_method")
        }
    }

    @Test func headAnswersLikeGetWithoutABody() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for path in ["/v1/organizations/1", "/v1/organizations/999", "/v1/nothing"] {
                let get = try await caller.send(.get, path, key: service.owner)
                let head = try await caller.send(.head, path, key: service.owner)
                #expect(head.status == get.status)
                #expect(head.body.isEmpty)
                #expect(head.headers[.contentLength] == get.headers[.contentLength])
            }
        }
    }

    @Test func everyAnswerHasTheCommonHeaders() async throws {
        let service = try await ServiceUnderTest()
        let name = try #require(HTTPField.Name("X-Request-Id"))
        try await service.run { caller in
            for (path, key) in [("/healthz", nil), ("/v1/nothing", nil), ("/v1/channel-kinds", service.member)] {
                let reply = try await caller.send(.get, path, key: key, headers: [name: "mine\u{1B}[31m"])
                let id = try #require(reply.headers[name])
                #expect(id.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "f") ~= $0 } && id.count >= 17)
                #expect(reply.headers[.xContentTypeOptions] == "nosniff")
                #expect(reply.headers[.cacheControl] == "no-store")
                if reply.status == 404 { #expect(try reply.json["request_id"]?.string == id) }
            }
        }
    }

    @Test func routesWithoutParametersRefuseThem() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(.get, "/v1/organizations/1?sort=name&a=1", key: service.owner)
            #expect(reply.status == 400)
            #expect(try reply.wrongFields == ["sort", "a"])
            #expect(try await caller.send(.get, "/v1/organizations/1?", key: service.owner).status == 200)
        }
    }

    @Test func healthNeedsNoKey() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let health = try await caller.send(.get, "/healthz")
            let readiness = try await caller.send(.get, "/readyz")
            #expect(health.text == #"{"status":"ok"}"#)
            #expect(readiness.text == #"{"status":"ready"}"#)
        }
    }
}
