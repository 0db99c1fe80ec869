import HTTPTypes
import Notifications
import Testing

@testable import WebServing

/// HipChat's room notification, as old CI jobs send it.
@Suite struct RoomNotificationTests {
    private static let path = "/v2/room/1234567/notification"
    private static let message: JSONValue = [
        "message": "<b>Build</b> 12 passed", "color": "green", "from": "Jenkins", "notify": false,
    ]

    private func header(_ name: String) throws -> HTTPField.Name { try #require(HTTPField.Name(name)) }

    private func events(_ caller: Caller, _ service: ServiceUnderTest) async throws -> [JSONValue] {
        try await caller.send(.get, "/v1/organizations/1/events", key: service.member).json["data"]?.array ?? []
    }

    @Test func aMessageBecomesAnEventOfEveryChannel() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let channels = "/v1/organizations/1/channels"
            _ = try await caller.send(.post, channels, key: service.owner, TestInput.webHook())
            var runs = try #require(TestInput.webHook(name: "runs").object)
            runs["subscription"] = ["events": ["test.finished"]]
            _ = try await caller.send(.post, channels, key: service.owner, .object(runs))
            let reply = try await caller.send(.post, Self.path, key: service.scheduler, Self.message)
            #expect(reply.status == 204 && reply.body.isEmpty)
            let event = try #require(try await events(caller, service).first)
            #expect(event["type"] == "message.posted")
            #expect(event["content"]?["room"] == "1234567" && event["content"]?["organization_id"] == 1)
            #expect(event["content"]?["message"] == "Build 12 passed")
            let shown = "/v1/organizations/1/events/\(event["id"]?.string ?? "")"
            let outcomes = try await caller.send(.get, shown, key: service.member).json["outcomes"]?.array ?? []
            #expect(Set(outcomes.compactMap { $0["state"]?.string }) == ["due", "skipped"])
            #expect(outcomes.contains { $0["reason"] == "not_subscribed.event" })
        }
    }

    @Test func theKeyMayStandInTheQuery() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let path = "\(Self.path)?auth_token=\(service.scheduler)&format=json"
            #expect(try await caller.send(.post, path, Self.message).status == 204)
            let text: HTTPFields = [.contentType: "text/plain; charset=UTF-8"]
            #expect(try await caller.send(.post, path, bytes: Array("a <b>".utf8), headers: text).status == 204)
            let html: HTTPFields = [.contentType: "text/html"]
            #expect(try await caller.send(.post, path, bytes: Array("<i>c</i>".utf8), headers: html).status == 204)
            let texts = try await events(caller, service).compactMap { $0["content"]?["message"]?.string }
            #expect(texts == ["c", "a <b>", "Build 12 passed"])
            // Only there.
            let other = try await caller.send(
                .get, "/v1/organizations/1/events?auth_token=\(service.member)")
            #expect(other.status == 401)
        }
    }

    @Test(
        arguments: [
            ("/v2/room/Build%20room/notification", "Build room"), ("/v2/room/caf%C3%A9%2F7/notification", "café/7"),
            ("/v2/room/Ops,QA_2~!@:$&'()*+;=/notification", "Ops,QA_2~!@:$&'()*+;="),
            ("/v2/room/%2e%2e/notification", ".."),
        ])
    func aRoomHasAnyName(_ path: String, _ room: String) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller async throws in
            #expect(try await caller.send(.post, path, key: service.scheduler, Self.message).status == 204)
            #expect(try await events(caller, service).first?["content"]?["room"] == .string(room))
        }
    }

    @Test(
        arguments: [
            "/v2/room/%00/notification", "/v2/room/%FF/notification", "/v2/room/%2/notification",
            "/v2/room/%20/notification", "/v2/room//notification", "/v2/room/../notification",
            "/v2/room/7/notification/", "/v2/room/7/Notification", "/v2/room/a/b/notification", "/v2/room/7/message",
            "/v2/room/7", "/v2/room/a\"b/notification", "/v2/room/{7}/notification",
            "/v2/room/" + String(repeating: "x", count: 201) + "/notification",
        ])
    func elsewhereNothingIs(_ path: String) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(.post, path, key: service.scheduler, Self.message)
            #expect(reply.status == 404)
            #expect(try reply.json["error"]?["type"] == "Not Found")
            #expect(try await events(caller, service).isEmpty)
        }
    }

    @Test func refusalsAreInHipChatsForm() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let wrong = APIKey().reveal()
            let refused: [(Int, String, Reply)] = [
                (401, "Unauthorized", try await caller.send(.post, Self.path, Self.message)),
                (401, "Unauthorized", try await caller.send(.post, Self.path + "?auth_token=\(wrong)", Self.message)),
                (401, "Unauthorized", try await caller.send(.post, Self.path + "?auth_token=", Self.message)),
                (403, "Forbidden", try await caller.send(.post, Self.path, key: service.owner, Self.message)),
                (
                    403, "Forbidden",
                    try await caller.send(.post, Self.path, key: service.operatorKey.reveal(), Self.message)
                ),
                (
                    400, "Bad Request",
                    try await caller.send(.post, Self.path, key: service.scheduler, ["color": "blue"])
                ),
                (400, "Bad Request", try await caller.send(.post, Self.path, key: service.scheduler, bytes: nil)),
                (405, "Method Not Allowed", try await caller.send(.get, Self.path, key: service.scheduler)),
                (
                    415, "Unsupported Media Type",
                    try await caller.send(
                        .post, Self.path, key: service.scheduler, bytes: [65],
                        headers: [.contentType: "application/x-www-form-urlencoded"])
                ),
            ]
            for (status, type, reply) in refused {
                #expect(reply.status == status && reply.headers[.contentType] == "application/json", "\(reply.text)")
                let error = try reply.json["error"]
                #expect(error?["code"] == .integer(Int64(status)) && error?["type"] == .string(type))
                #expect(error?["message"]?.string?.isEmpty == false)
                for key in [wrong, service.owner, service.scheduler] { #expect(!reply.text.contains(key)) }
            }
            #expect(refused[5].2.text.contains("message: ") && refused[5].2.text.contains("color: "))
            #expect(try await events(caller, service).isEmpty)
        }
    }

    @Test func theSameIdempotencyKeyIsOneEvent() async throws {
        let service = try await ServiceUnderTest()
        let key: HTTPFields = [.idempotencyKey: "build-12"]
        try await service.run { caller in
            let first = try await caller.send(.post, Self.path, key: service.scheduler, Self.message, headers: key)
            let again = try await caller.send(.post, Self.path, key: service.scheduler, Self.message, headers: key)
            let other = try await caller.send(
                .post, Self.path, key: service.scheduler, ["message": "other"], headers: key)
            #expect([first.status, again.status, other.status] == [204, 204, 422])
            #expect(first.headers[.idempotentReplayed] == nil && again.headers[.idempotentReplayed] == "true")
            #expect(try other.json["error"]?["code"] == 422)
            #expect(try await events(caller, service).count == 1)
        }
    }

    @Test func theTokenCanBeTried() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller async throws in
            let path = Self.path + "?auth_test=true&auth_token="
            #expect(try await caller.send(.post, path + service.scheduler).status == 202)
            #expect(try await caller.send(.post, path + service.owner).status == 403)
            #expect(try await caller.send(.post, path + APIKey().reveal()).status == 401)
            #expect(try await events(caller, service).isEmpty)
        }
    }

    /// Old clients read HipChat's limits from every answer, and wait until they are reset.
    @Test func answersSayWhatIsLeft() async throws {
        let service = try await ServiceUnderTest()
        let (left, reset) = (try header("X-Ratelimit-Remaining"), try header("X-Ratelimit-Reset"))
        try await service.run(admission: AdmissionLimits(eventsPerSecond: 1)) { caller in
            let first = try await caller.send(.post, Self.path, key: service.scheduler, Self.message)
            #expect(first.status == 204 && first.headers[left].flatMap { Int($0) } == 999)
            #expect(first.headers[reset].flatMap { Int($0) } ?? 0 > 1_700_000_000)
        }
        let none = HTTPFields.hipChatLimits(left: 0, of: nil, resetIn: 3)
        #expect(none[left] == "0" && none[reset].flatMap { Int($0) } ?? 0 > 1_700_000_000)
    }
}
