import HTTPTypes
import Notifications
import TestSupport
import Testing

/// What the program needs that posts events: what its key is, and whom its events went to.
@Suite struct FollowingRoutesTests {
    @Test func aKeyTellsItsHolderWhatItIs() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(
                .post, "/v1/organizations/1/keys", key: service.admin,
                ["name": "CI", "scopes": ["events:write"], "default_project_id": 3, "default_user_id": 7])
            #expect(made.status == 201)
            let key = try #require(try made.json["key"]?.string)
            let own = try await caller.send(.get, "/v1/key", key: key)
            #expect(own.status == 200 && !own.text.contains(key))
            #expect(try own.json["default_project_id"] == 3 && own.json["default_user_id"] == 7)
            #expect(try own.json["organization_id"] == 1 && own.json["id"] == made.json["id"])
            let list = try await caller.send(.get, "/v1/organizations/1/keys", key: service.owner).json
            #expect(list["data"]?.array?.contains(try own.json) == true)
            let personal = try await caller.send(.get, "/v1/key", key: service.member)
            #expect(try personal.json["user_id"] == 13 && personal.json["default_user_id"] == .null)
            #expect(try await caller.send(.get, "/v1/key", key: service.stranger).json["organization_id"] == 2)
            #expect(try await caller.send(.get, "/v1/key", key: service.operatorKey.reveal()).status == 403)
            let log = try await caller.send(.get, "/v1/organizations/1/audit-log", key: service.owner)
            #expect(log.text.contains(#""default_project_id":3,"default_user_id":7"#))
        }
    }

    @Test func anEventTellsWhomItWasSentToAndNothingElse() async throws {
        let service = try await ServiceUnderTest()
        _ = try await service.tenant.channel("Loud")
        let quiet = try await service.tenant.channel(
            "Quiet", subscription: Subscription(reading: ["events": ["test.finished"]]))
        let paused = try await service.tenant.channel("Paused")
        _ = try await service.tenant.channel("Disabled", isEnabled: false)
        try await service.run { caller in
            let path = "/v1/organizations/1/channels/\(paused.id)/pause"
            #expect(try await caller.send(.post, path, key: service.owner).status == 200)
            let posted = try await caller.send(
                .post, "/v1/events", key: service.scheduler, TestInput.event(run: 5))
            let id = try #require(try posted.json["id"]?.string)
            let progress = "/v1/organizations/1/events/\(id)/progress"
            let told = try await caller.send(.get, progress, key: service.scheduler)
            #expect(told.status == 200 && !told.text.contains(ChannelDraft.webHookURL))
            let json = try told.json
            #expect(json["skipped"] == 2 && json["page_path"] == "/organizations/1/runs/5" && json["page_url"] == .null)
            #expect(json["disabled"]?.array?.map { $0["channel_name"] } == ["Disabled"])
            #expect(json["deliveries"]?.array?.map { $0["channel_name"] } == ["Loud", "Paused"])
            #expect(json["deliveries"]?.array?.map { $0["paused"] } == [false, true])
            #expect(try await caller.send(.get, progress, key: service.member).json == json)
            #expect(try await caller.send(.get, progress, key: service.stranger).status == 404)
            #expect(try await caller.send(.get, progress, key: service.operatorKey.reveal()).status == 403)
            let unknown = "/v1/organizations/1/events/\(quiet.id)/progress"
            #expect(try await caller.send(.get, unknown, key: service.scheduler).status == 404)
        }
    }
}
