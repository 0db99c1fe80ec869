import HTTPTypes
import Notifications
import Repository
import Testing

@Suite("Moving a channel to another kind")
struct ChannelMovingTests {
    private let path = "/v1/organizations/1/channels"
    private let slack: JSONValue = [
        "kind": "slack",
        "settings": ["url": "https://hooks.slack.com/services/T00000000/B00000000/xxxxxxxxxxxxxxxxxxxxxxxx"],
    ]

    /// A web hook that the tests begin with.
    private func channel(_ caller: Caller, _ service: ServiceUnderTest) async throws -> String {
        var draft = TestInput.webHook().object ?? JSONObject()
        draft["subscription"] = ["statuses": [12]]
        let made = try await caller.send(.post, path, key: service.owner, .object(draft))
        return try #require(try made.json["id"]?.string)
    }

    @Test func nameAndSubscriptionStay() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let id = try await channel(caller, service)
            let fallback: JSONValue = ["fallback_channel_id": .string(id)]
            #expect(try await caller.send(.patch, "/v1/organizations/1", key: service.owner, fallback).status == 200)
            let moved = try await caller.send(.post, "\(path)/\(id)/move", key: service.admin, slack)
            #expect(moved.status == 201)
            let new = try moved.json
            #expect(moved.headers[.location] == "\(path)/\(new["id"]?.string ?? "")")
            #expect(new["kind"] == "slack" && new["name"] == "CI" && new["state"] == "enabled")
            #expect(new["subscription"]?["statuses"] == [12])
            #expect(new["id"] != .string(id) && new["signing_secret"] == nil)
            #expect(try await caller.send(.get, "\(path)/\(id)", key: service.owner).status == 404)
            let organization = try await caller.send(.get, "/v1/organizations/1", key: service.owner)
            #expect(try organization.json["fallback_channel_id"] == new["id"])
            let back = try await caller.send(
                .post, "\(path)/\(new["id"]?.string ?? "")/move", key: service.owner,
                ["kind": "webhook", "settings": ["url": "https://ci.example.org/back"]])
            #expect(try back.json["signing_secret"]?.string?.hasPrefix("whsec_") == true)
        }
    }

    @Test(
        arguments: [
            (["kind": "webhook", "settings": ["url": "https://ci.example.org/x"]], ["kind"]),
            (["kind": "slack", "settings": ["url": "nonsense"], "name": "x"], ["name", "settings.url"]),
            (["kind": "nonsense", "settings": [:]], ["kind"]), ([:], ["kind", "settings"]),
        ] as [(JSONValue, Set<String>)])
    func mistakesAreNamedAndChangeNothing(_ body: JSONValue, _ wrong: Set<String>) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let id = try await channel(caller, service)
            let reply = try await caller.send(.post, "\(path)/\(id)/move", key: service.owner, body)
            #expect(reply.status == 400)
            #expect(try Set(reply.wrongFields) == wrong)
            #expect(try await caller.send(.get, "\(path)/\(id)", key: service.owner).status == 200)
        }
    }

    @Test func onlyOwnersAndAdminsMay() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let id = try await channel(caller, service)
            #expect(try await caller.send(.post, "\(path)/\(id)/move", key: service.member, slack).status == 403)
            #expect(try await caller.send(.post, "\(path)/\(id)/move", key: service.scheduler, slack).status == 403)
            #expect(try await caller.send(.get, "\(path)/\(id)", key: service.owner).status == 200)
        }
    }
}
