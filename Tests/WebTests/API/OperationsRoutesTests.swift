import HTTPTypes
import Notifications
import Testing

/// Pausing, the ledger, replays and the related settings, through the API.
@Suite struct OperationsRoutesTests {
    private let path = "/v1/organizations/1"

    private func channel(_ service: ServiceUnderTest, _ caller: Caller, _ name: String = "CI") async throws -> String {
        let made = try await caller.send(.post, path + "/channels", key: service.owner, TestInput.webHook(name: name))
        return try #require(try made.json["id"]?.string)
    }

    @Test func aChannelIsPausedAndResumed() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let channel = try await channel(service, caller)
            let paused = try await caller.send(.post, "\(path)/channels/\(channel)/pause", key: service.admin)
            #expect(paused.status == 200 && paused.headers[.eTag] == "\"2\"")
            #expect(try paused.json["state"] == "paused" && paused.json["enabled"] == true)
            let again = try await caller.send(.post, "\(path)/channels/\(channel)/pause", key: service.admin)
            #expect(again.status == 409)
            let wrong = try await caller.send(
                .post, "\(path)/channels/\(channel)/resume", key: service.owner,
                ["skip_older_than": "yesterday", "x": 1])
            #expect(wrong.status == 400)
            #expect(try Set(wrong.wrongFields) == ["skip_older_than", "x"])
            let resumed = try await caller.send(
                .post, "\(path)/channels/\(channel)/resume", key: service.owner,
                ["skip_older_than": "2026-11-23T10:00:00Z"])
            #expect(try resumed.status == 200 && resumed.json["state"] == "enabled")
            let shown = try await caller.send(.get, "\(path)/channels/\(channel)", key: service.member)
            #expect(try shown.json["health"] == .null)
        }
    }

    @Test func aChannelHasARateOfItsOwn() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let channel = try await channel(service, caller)
            var draft = try #require(TestInput.webHook().object)
            for (rate, status) in [(1, 200), (6000, 200), (0, 400), (6001, 400)] as [(Int64, Int)] {
                draft["max_per_minute"] = .integer(rate)
                let reply = try await caller.send(
                    .put, "\(path)/channels/\(channel)", key: service.owner, .object(draft))
                #expect(reply.status == status)
                if status == 200 { #expect(try reply.json["max_per_minute"] == .integer(rate)) }
            }
            let restored = try await caller.send(
                .post, "\(path)/channels/\(channel)/revisions/2/restore", key: service.owner)
            #expect(try restored.json["max_per_minute"] == 1)
        }
    }

    @Test func theOrganizationsSettingsAreChecked() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let channel = try await channel(service, caller)
            let wrong = try await caller.send(
                .patch, path, key: service.owner,
                ["retention_days": 0, "audit_retention_days": 179, "fallback_channel_id": 7])
            #expect(wrong.status == 400)
            #expect(
                try Set(wrong.wrongFields) == ["retention_days", "audit_retention_days", "fallback_channel_id"])
            let stranger = try await caller.send(
                .patch, path, key: service.owner,
                ["fallback_channel_id": "00000000-0000-7000-8000-000000000000"])
            #expect(try stranger.status == 400 && stranger.wrongFields == ["fallback_channel_id"])
            let changed = try await caller.send(
                .patch, path, key: service.owner,
                ["retention_days": 30, "audit_retention_days": 3650, "fallback_channel_id": .string(channel)])
            #expect(try changed.json["retention_days"] == 30 && changed.json["audit_retention_days"] == 3650)
            #expect(try changed.json["fallback_channel_id"]?.string == channel)
            _ = try await caller.send(.delete, "\(path)/channels/\(channel)", key: service.owner)
            let shown = try await caller.send(.get, path, key: service.member)
            #expect(try shown.json["fallback_channel_id"] == .null && shown.json["retention_days"] == 30)
        }
    }

    @Test func theLedgerIsShown() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            _ = try await channel(service, caller)
            _ = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event())
            let ledger = try await caller.send(.get, path + "/ledger", key: service.admin).json
            #expect(ledger["events"] == 1 && ledger["expected"] == 1 && ledger["balanced"] == true)
            #expect(ledger["deliveries"]?["due"] == 1 && ledger["breaks"] == [])
            let narrow = try await caller.send(
                .get, path + "/ledger?until=2020-01-01T00:00:00Z", key: service.admin)
            #expect(try narrow.json["events"] == 0)
            #expect(try await caller.send(.get, path + "/ledger?since=x", key: service.admin).status == 400)
            let all = try await caller.send(.get, "/v1/ledger?limit=1", key: service.operatorKey.reveal())
            #expect(try all.json["data"]?.array?.first?["organization_id"] == 1)
            #expect(try all.json["next_cursor"] != .null)
            #expect(try await caller.send(.get, "/v1/ledger", key: service.owner).status == 403)
        }
    }

    @Test func aReplayIsCountedStartedAndSteered() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            _ = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event())
            let channel = try await channel(service, caller)
            let draft: JSONValue = [
                "channel_id": .string(channel), "since": "2020-01-01T00:00:00Z", "states": ["missing", "failed"],
            ]
            var dry = try #require(draft.object)
            dry["dry_run"] = true
            let plan = try await caller.send(.post, path + "/replays", key: service.owner, .object(dry))
            #expect(try plan.status == 200 && plan.json["count"] == 1 && plan.json["states"]?["missing"] == 1)
            let made = try await caller.send(.post, path + "/replays", key: service.owner, draft)
            #expect(try made.status == 202 && made.json["state"] == "running" && made.json["actor"] == "user:11")
            #expect(try await caller.send(.post, path + "/replays", key: service.owner, draft).status == 409)
            let replay = "\(path)/replays/\(try made.json["id"]?.string ?? "")"
            #expect(made.headers[.location] == replay)
            #expect(try await caller.send(.post, replay + "/pause", key: service.admin).json["state"] == "paused")
            #expect(try await caller.send(.post, replay + "/resume", key: service.admin).json["state"] == "running")
            #expect(try await caller.send(.post, replay + "/cancel", key: service.admin).json["state"] == "cancelled")
            #expect(try await caller.send(.post, replay + "/cancel", key: service.admin).status == 409)
            let report = try await caller.send(.get, replay, key: service.admin)
            #expect(try report.json["deliveries"]?["due"] == 0 && report.json["finished_at"] != .null)
            let list = try await caller.send(.get, path + "/replays", key: service.admin)
            #expect(try list.json["data"]?.array?.count == 1)
        }
    }

    @Test func aReplaysMistakesComeAtOnce() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(
                .post, path + "/replays", key: service.owner,
                ["channel_id": "7", "since": "now", "states": ["due"], "per_minute": 0, "dry_run": 1, "x": 1])
            #expect(reply.status == 400)
            #expect(
                try Set(reply.wrongFields) == ["channel_id", "since", "states", "per_minute", "dry_run", "x"])
            let empty = try await caller.send(.post, path + "/replays", key: service.owner, [:])
            #expect(try Set(empty.wrongFields) == ["channel_id", "since", "states"])
            for until in ["2999-01-01T00:00:00Z", nil] as [String?] {
                let future = try await caller.send(
                    .post, path + "/replays", key: service.owner,
                    [
                        "channel_id": .string(ChannelID(at: Timestamp(seconds: 1)).text),
                        "since": "2999-01-01T00:00:00Z", "until": until.map { .string($0) } ?? .null,
                        "states": ["failed"],
                    ])
                #expect(future.status == 400)
                #expect(try future.wrongFields == ["since"])
                #expect(future.text.contains("Must not be in the future."))
            }
        }
    }
}
