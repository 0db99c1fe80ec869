import HTTPTypes
import Notifications
import Testing

@Suite struct ChannelRoutesTests {
    private let path = "/v1/organizations/1/channels"

    @Test func secretsAreShownOnceAndThenMasked() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.admin, TestInput.webHook())
            #expect(made.status == 201)
            #expect(made.headers[.eTag] == "\"1\"")
            let place = try #require(made.headers[.location])
            #expect(try await caller.send(.get, place, key: service.admin).json["id"] == made.json["id"])
            let secret = try #require(try made.json["signing_secret"]?.string)
            #expect(SigningSecret(secret) != nil)
            #expect(try made.json["settings"]?["url"] == "https://ci.example.org/hooks/…ghij")
            let id = try #require(try made.json["id"]?.string)
            for suffix in ["", "/\(id)", "/\(id)/revisions"] {
                let shown = try await caller.send(.get, path + suffix, key: service.owner)
                #expect(shown.status == 200)
                #expect(!shown.text.contains(secret))
                #expect(!shown.text.contains("0123456789abcdef"))
            }
        }
    }

    @Test func hasTheDocumentedMembers() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.owner, TestInput.webHook())
            let id = try #require(try made.json["id"]?.string)
            let shown = try await caller.send(.get, "\(path)/\(id)", key: service.member)
            #expect(shown.status == 200)
            #expect(
                try shown.json.object?.keys == [
                    "id", "organization_id", "kind", "name", "settings", "subscription", "max_per_minute", "enabled",
                    "state", "disabled_reason", "ended", "pending", "certificates", "version", "created_at",
                    "updated_at", "health", "address_fingerprint",
                ])
        }
    }

    @Test func aStaleVersionIsRefused() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.owner, TestInput.webHook())
            let channel = path + "/" + (try #require(try made.json["id"]?.string))
            let first = try await caller.send(
                .put, channel, key: service.owner, TestInput.webHook(name: "A"), headers: [.ifMatch: "\"1\""])
            #expect(first.status == 200)
            #expect(first.headers[.eTag] == "\"2\"")
            let second = try await caller.send(
                .put, channel, key: service.admin, TestInput.webHook(name: "B"), headers: [.ifMatch: "\"1\""])
            #expect(second.status == 412)
            #expect(second.headers[.eTag] == "\"2\"")
            #expect(try await caller.send(.get, channel, key: service.owner).json["name"] == "A")
            #expect(
                try await caller.send(.delete, channel, key: service.owner, headers: [.ifMatch: "\"1\""]).status == 412)
            #expect(
                try await caller.send(.delete, channel, key: service.owner, headers: [.ifMatch: "\"2\""]).status == 204)
            #expect(try await caller.send(.get, channel, key: service.owner).status == 404)
        }
    }

    @Test(
        "Every change of a channel can be tied to the version that it was decided on",
        arguments: ["pause", "resume", "move", "revisions/1/restore", "rotate-secret"])
    func aStaleVersionIsRefusedAtEveryChange(_ step: String) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.owner, TestInput.webHook())
            let channel = path + "/" + (try #require(try made.json["id"]?.string))
            var version = 1
            if step == "resume" {
                #expect(try await caller.send(.post, channel + "/pause", key: service.owner).status == 200)
                version = 2
            }
            let address: JSONValue = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
            let body: JSONValue? = step == "move" ? ["kind": "slack", "settings": ["url": address]] : nil
            let before = try await caller.send(.get, channel, key: service.owner).json
            let stale = try await caller.send(
                .post, "\(channel)/\(step)", key: service.owner, body, headers: [.ifMatch: "\"99\""])
            #expect(stale.status == 412)
            #expect(stale.headers[.eTag] == "\"\(version)\"")
            #expect(try await caller.send(.get, channel, key: service.owner).json == before)
            let current = try await caller.send(
                .post, "\(channel)/\(step)", key: service.owner, body, headers: [.ifMatch: "\"\(version)\""])
            #expect(current.status == (step == "move" ? 201 : 200))
        }
    }

    @Test func twoAdminsCannotBothReplaceOneVersion() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.owner, TestInput.webHook())
            let channel = path + "/" + (try #require(try made.json["id"]?.string))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for key in [service.owner, service.admin] {
                    group.addTask {
                        try await caller.send(
                            .put, channel, key: key, TestInput.webHook(name: "mine"), headers: [.ifMatch: "\"1\""]
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 412])
        }
    }

    @Test(arguments: ["1", "\"01\"", "W/\"1\"", "\"\"", "\"x\"", "\"1\", \"2\"", "\"-1\"", "\"0\""])
    func otherETagsAreRefused(_ text: String) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.owner, TestInput.webHook())
            let channel = path + "/" + (try #require(try made.json["id"]?.string))
            let reply = try await caller.send(.delete, channel, key: service.owner, headers: [.ifMatch: text])
            #expect(reply.status == 400)
            #expect(try await caller.send(.get, channel, key: service.owner).status == 200)
        }
    }

    @Test func whatWasShownCanBeSentBack() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.owner, TestInput.webHook())
            let channel = path + "/" + (try #require(try made.json["id"]?.string))
            let shown = try await caller.send(.get, channel, key: service.owner).json
            var draft = JSONObject()
            for key in ["kind", "name", "settings", "subscription"] { draft[key] = shown[key] }
            draft["enabled"] = false
            let replaced = try await caller.send(.put, channel, key: service.owner, .object(draft))
            #expect(replaced.status == 200)
            #expect(try replaced.json["settings"] == shown["settings"])
            #expect(try replaced.json["state"] == "disabled")
            let test = try await caller.send(.post, channel + "/preview", key: service.owner)
            #expect(test.status == 404)
        }
    }

    @Test func allErrorsOfADraftComeAtOnce() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(
                .post, path, key: service.owner,
                [
                    "kind": "webhook", "name": "", "settings": ["url": "http://10.0.0.1/", "colour": "red"],
                    "subscription": ["events": [], "statuses": [99]], "enabled": "yes", "owner": 1,
                ])
            #expect(reply.status == 400)
            #expect(
                try Set(reply.wrongFields) == [
                    "name", "settings.url", "settings.colour", "subscription.events", "subscription.statuses",
                    "enabled", "owner",
                ])
            #expect(try await caller.send(.get, path, key: service.owner).json["data"] == [])
        }
    }

    @Test func membersLookAndOnlyAdminsTouch() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.owner, TestInput.webHook())
            let channel = path + "/" + (try #require(try made.json["id"]?.string))
            for key in [service.member, service.scheduler] {
                #expect(try await caller.send(.post, path, key: key, TestInput.webHook()).status == 403)
                #expect(try await caller.send(.put, channel, key: key, TestInput.webHook()).status == 403)
                #expect(try await caller.send(.delete, channel, key: key).status == 403)
                #expect(try await caller.send(.post, channel + "/test", key: key).status == 403)
                #expect(try await caller.send(.post, path + "/test", key: key, TestInput.webHook()).status == 403)
                #expect(try await caller.send(.post, channel + "/rotate-secret", key: key).status == 403)
            }
            #expect(try await caller.send(.get, channel, key: service.member).status == 200)
            #expect(try await caller.send(.get, channel, key: service.stranger).status == 404)
        }
    }

    @Test func aTestShowsTheWholeExchange() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.owner, TestInput.webHook())
            let channel = path + "/" + (try #require(try made.json["id"]?.string))
            let replies = [
                try await caller.send(.post, path + "/test", key: service.owner, TestInput.webHook()),
                try await caller.send(.post, channel + "/test", key: service.owner),
            ]
            for reply in replies {
                #expect(reply.status == 200)
                let report = try reply.json
                #expect(report["request"]?["method"] == "POST")
                #expect(report["request"]?["url"] == "https://ci.example.org/hooks/…ghij")
                #expect(report["request"]?["body"] == #"{"event":"test.notification_channel"}"#)
                #expect(report["response"]?["status"] == 200)
                #expect(report["response"]?["body"] == "ok")
                #expect(report["error"] == .null)
                #expect(report["timings_ms"]?["total"] == .number(3))
                #expect(report["verdict"] == "delivered")
                #expect(!reply.text.contains("0123456789abcdef"))
            }
        }
    }

    @Test func aPreviewRendersADraftAndASavedChannel() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.owner, TestInput.webHook())
            let id = try #require(try made.json["id"])
            for channel in [id, TestInput.webHook()] {
                let reply = try await caller.send(
                    .post, path + "/preview", key: service.owner,
                    ["channel": channel, "event": TestInput.event(run: 42)])
                #expect(reply.status == 200)
                let body = try JSONValue.parse(Array((try #require(try reply.json["body"]?.string)).utf8))
                #expect(body == TestInput.event(run: 42))
            }
            let wrong = try await caller.send(
                .post, path + "/preview", key: service.owner, ["event": TestInput.event(organization: 2)])
            #expect(wrong.status == 400)
            #expect(try Set(wrong.wrongFields) == ["channel", "event.organization_id"])
            let nested = try await caller.send(
                .post, path + "/preview", key: service.owner,
                [
                    "channel": ["kind": "webhook", "name": "x", "settings": [:]],
                    "event": ["event": "test.notification_channel"],
                ])
            #expect(try nested.wrongFields == ["channel.settings.url"])
        }
    }

    @Test func anOldRevisionComesBack() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.owner, TestInput.webHook(name: "one"))
            let channel = path + "/" + (try #require(try made.json["id"]?.string))
            _ = try await caller.send(.put, channel, key: service.owner, TestInput.webHook(name: "two"))
            let restored = try await caller.send(.post, channel + "/revisions/1/restore", key: service.owner)
            #expect(restored.status == 200)
            #expect(restored.headers[.eTag] == "\"3\"")
            #expect(try restored.json["name"] == "one")
            let history = try await caller.send(.get, channel + "/revisions", key: service.owner).json["data"]?.array
            #expect(history?.compactMap { $0["version"]?.integer }.sorted() == [1, 2, 3])
            #expect(history?.allSatisfy { $0["actor"] == "user:11" } == true)
            for wrong in ["9", "x", "01"] {
                #expect(
                    try await caller.send(.post, channel + "/revisions/\(wrong)/restore", key: service.owner).status
                        == 404)
            }
        }
    }

    @Test func aRotatedSecretIsShownOnce() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(.post, path, key: service.owner, TestInput.webHook())
            let channel = path + "/" + (try #require(try made.json["id"]?.string))
            let rotated = try await caller.send(
                .post, channel + "/rotate-secret", key: service.owner, ["overlap_hours": 1])
            #expect(rotated.status == 200)
            #expect(try rotated.json["signing_secret"]?.string?.hasPrefix("whsec_") == true)
            #expect(try rotated.json["signing_secret"] != made.json["signing_secret"])
            #expect(try rotated.json["previous_until"]?.string.flatMap { Timestamp(rfc3339: $0) } != nil)
            #expect(try await caller.send(.post, channel + "/rotate-secret", key: service.owner).status == 200)
            for hours in [-1, 169, .number(0.5), .null] as [JSONValue] {
                let reply = try await caller.send(
                    .post, channel + "/rotate-secret", key: service.owner, ["overlap_hours": hours])
                #expect(reply.status == 400)
            }
        }
    }

    @Test func kindsTellTheirFields() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let kinds = try await caller.send(.get, "/v1/channel-kinds", key: service.scheduler).json["data"]?.array
            #expect(kinds?.compactMap { $0["id"]?.string } == ChannelCatalogue.standard().ids)
            let url = kinds?.first { $0["id"] == "webhook" }?["fields"]?.array?.first
            #expect(url?["key"] == "url")
            #expect(url?["type"] == "url")
            #expect(url?["required"] == true)
        }
    }
}
