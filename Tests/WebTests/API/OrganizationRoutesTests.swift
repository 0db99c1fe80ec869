import HTTPTypes
import Notifications
import Testing

@Suite struct OrganizationRoutesTests {
    @Test func theOperatorCreatesAndRenames() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let key = service.operatorKey.reveal()
            let body: JSONValue = [
                "name": "Acme", "owner_user_id": 7, "run_link_template": "https://x.example/runs/{load_test_run_id}",
            ]
            let made = try await caller.send(.put, "/v1/organizations/7", key: key, body)
            #expect(made.status == 201)
            #expect(made.headers[.location] == "/v1/organizations/7")
            #expect(try made.json["run_link_template"] == body["run_link_template"])
            let renamed = try await caller.send(
                .put, "/v1/organizations/7", key: key, ["name": "Acme 2", "owner_user_id": 7])
            #expect(renamed.status == 200)
            #expect(try renamed.json["name"] == "Acme 2")
            #expect(try renamed.json["run_link_template"] == body["run_link_template"])
            #expect(try await caller.send(.get, "/v1/organizations/7", key: key).json == renamed.json)
            let unlinked = try await caller.send(
                .put, "/v1/organizations/7", key: key,
                ["name": "Acme 2", "owner_user_id": 7, "run_link_template": nil])
            #expect(unlinked.status == 200)
            #expect(try unlinked.json["run_link_template"] == .null)
        }
    }

    @Test func nobodyElseCreates() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for key in [service.owner, service.member, service.scheduler] {
                let reply = try await caller.send(
                    .put, "/v1/organizations/1", key: key, ["name": "Mine", "owner_user_id": 13])
                #expect(reply.status == 403)
            }
            #expect(
                try await caller.send(.get, "/v1/organizations/1", key: service.owner).json["name"] == "Organization 1")
        }
    }

    @Test func allErrorsComeAtOnce() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(
                .put, "/v1/organizations/8", key: service.operatorKey.reveal(),
                ["name": " ", "owner_user_id": "7", "run_link_template": "ftp://x", "is_admin": true, "id": 3])
            #expect(reply.status == 400)
            #expect(try reply.json["type"] == "/problems/invalid_input")
            #expect(try Set(reply.wrongFields) == ["name", "owner_user_id", "run_link_template", "is_admin", "id"])
            #expect(try await caller.send(.get, "/v1/organizations/8", key: service.operatorKey.reveal()).status == 404)
        }
    }

    @Test func patchChangesWhatIsGiven() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let path = "/v1/organizations/1"
            let template = "https://x.example/{load_test_run_id}"
            let linked = try await caller.send(
                .patch, path, key: service.admin, ["run_link_template": .string(template)])
            #expect(linked.status == 200)
            #expect(try linked.json["run_link_template"]?.string == template)
            #expect(try linked.json["name"] == "Organization 1")
            let named = try await caller.send(.patch, path, key: service.owner, ["name": "New"])
            #expect(try named.json["run_link_template"]?.string == template)
            let unlinked = try await caller.send(.patch, path, key: service.owner, ["run_link_template": nil])
            #expect(try unlinked.json["run_link_template"] == .null)
            #expect(try unlinked.json["name"] == "New")
            #expect(try await caller.send(.patch, path, key: service.owner, [:]).status == 400)
            #expect(try await caller.send(.patch, path, key: service.owner, ["name": nil]).status == 400)
            #expect(try await caller.send(.patch, path, key: service.member, ["name": "Mine"]).status == 403)
        }
    }

    @Test func membersComeAndGo() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let path = "/v1/organizations/1/members"
            let added = try await caller.send(.put, path + "/14", key: service.admin, ["role": "member"])
            #expect(added.status == 201)
            #expect(added.headers[.location] == path + "/14")
            #expect(try added.json["role"] == "member")
            #expect(try await caller.send(.put, path + "/14", key: service.owner, ["role": "admin"]).status == 200)
            #expect(try await caller.send(.get, path + "/14", key: service.owner).json["role"] == "admin")
            #expect(try await caller.send(.put, path + "/14", key: service.owner, ["role": "king"]).status == 400)
            #expect(try await caller.send(.put, path + "/14", key: service.admin, ["role": "owner"]).status == 403)
            #expect(try await caller.send(.delete, path + "/14", key: service.admin).status == 204)
            #expect(try await caller.send(.get, path + "/14", key: service.owner).status == 404)
            #expect(try await caller.send(.delete, path + "/11", key: service.owner).status == 409)
        }
    }

    @Test func membersHaveNamesAndAddresses() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let path = "/v1/organizations/1/members/13"
            let saved = try await caller.send(
                .put, path, key: service.admin,
                ["role": "member", "display_name": "Anna", "email": "anna@Example.org"])
            #expect(try saved.json["display_name"] == "Anna" && saved.json["email"] == "anna@example.org")
            let kept = try await caller.send(.put, path, key: service.owner, ["role": "member"])
            #expect(try kept.json == saved.json)
            for body in [
                ["role": "member", "display_name": " "], ["role": "member", "display_name": "A\nB"],
                ["role": "member", "display_name": "A\u{202E}B"], ["role": "member", "email": "anna"],
                ["role": "member", "display_name": .string(String(repeating: "a", count: 101))],
                ["role": "member", "email": "Anna <anna@example.org>"], ["role": "member", "email": 7],
                ["role": "member", "email": "anna@example.org\r\nBcc: x@example.org"],
            ] as [JSONValue] {
                #expect(
                    try await caller.send(.put, path, key: service.owner, body).status == 400, "\(body.compactText)")
            }
            #expect(try await caller.send(.get, path, key: service.member).status == 403)
            let removed = try await caller.send(
                .put, path, key: service.owner, ["role": "member", "display_name": nil, "email": nil])
            #expect(try removed.json["display_name"] == .null && removed.json["email"] == .null)
        }
    }

    @Test func membersAreListedInParts() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let path = "/v1/organizations/1/members"
            let first = try await caller.send(.get, path + "?limit=2", key: service.owner).json
            #expect(first["data"]?.array?.map { $0["user_id"] } == [11, 12])
            let cursor = try #require(first["next_cursor"]?.string)
            let second = try await caller.send(.get, path + "?limit=2&cursor=\(cursor)", key: service.owner).json
            #expect(second["data"]?.array?.map { $0["user_id"] } == [13])
            #expect(second["next_cursor"] == .null)
            let flipped = (cursor.hasPrefix("0") ? "1" : "0") + cursor.dropFirst()
            let refused = try await caller.send(.get, path + "?cursor=\(flipped)", key: service.owner)
            #expect(refused.status == 400)
            #expect(try refused.wrongFields == ["cursor"])
        }
    }

    @Test func keysAreShownOnce() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let path = "/v1/organizations/1/keys"
            let made = try await caller.send(
                .post, path, key: service.admin,
                ["name": "CI", "scopes": ["events:write"], "expires_at": "2999-01-01T00:00:00Z"])
            #expect(made.status == 201)
            #expect(made.headers[.location] == nil, "A single key cannot be requested.")
            let key = try #require(try made.json["key"]?.string)
            #expect(key.hasPrefix("rb_") && key.utf8.count == 64)
            #expect(try made.json["scopes"] == ["events:write"])
            #expect(try made.json["expires_at"] == "2999-01-01T00:00:00.000000Z")
            let list = try await caller.send(.get, path, key: service.owner)
            #expect(!list.text.contains(key))
            let id = try made.json["id"]
            #expect(try list.json["data"]?.array?.contains { $0["id"] == id } == true)
        }
    }

    @Test func aKeyStandsForAUserOrAService() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for body in [
                ["name": "k"], ["name": "k", "user_id": 11, "scopes": ["events:write"]], ["name": "k", "scopes": []],
                ["name": "k", "scopes": ["all"]], ["name": "k", "scopes": ["events:write", "events:write"]],
                ["name": "k", "user_id": 11, "expires_at": "2020-01-01T00:00:00Z"],
                ["name": "k", "user_id": 11, "expires_at": "tomorrow"],
                ["name": "k", "user_id": 11, "default_project_id": 3],
                ["name": "k", "user_id": 11, "default_user_id": 3],
                ["name": "k", "scopes": ["events:write"], "default_project_id": "3"],
                ["name": "k", "user_id": nil, "scopes": nil],
            ] as [JSONValue] {
                let reply = try await caller.send(.post, "/v1/organizations/1/keys", key: service.owner, body)
                #expect(reply.status == 400, "\(body.compactText)")
            }
            let reply = try await caller.send(
                .post, "/v1/organizations/1/keys", key: service.member, ["name": "k", "user_id": 13])
            #expect(reply.status == 403)
        }
    }
}
