import HTTPTypes
import Notifications
import Testing

/// Forms in a list lead back to the part of it that they stand in.
@Suite struct ListPartTests {
    @Test func membersAndKeys() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let second = try await next(of: "members", by: owner)
            let page = try await owner.get("members?" + second).text
            let part = try self.part(in: page)
            let ofRow = /name="user" value="(\d+)"><input[^>]*name="seen" value="(\d+)"/
            let row = try #require(page.firstMatch(of: ofRow))
            let saved = try await owner.post(
                "members", "user=\(row.1)&seen=\(row.2)&name=Ben&email=&role=admin&part=\(encoded(part))")
            #expect(saved.headers[.location] == "/organizations/1/members?done=member-saved&\(second)")
            let wrong = try await owner.post("members", "user=\(row.1)&role=x&part=\(encoded(part))")
            #expect(wrong.status == 422)
            #expect(try self.part(in: wrong.text) == part)
            let removed = try await owner.post("members/\(row.1)/remove", "part=\(encoded(part))")
            #expect(removed.headers[.location] == "/organizations/1/members?done=member-removed&\(second)")

            let ofKeys = try await next(of: "keys", by: owner)
            let keys = try await owner.get("keys?" + ofKeys).text
            let removal = /action="\/organizations\/1\/(keys\/[0-9a-f-]+\/remove)"/
            let path = try #require(keys.firstMatch(of: removal)).1
            let gone = try await owner.post(String(path), "part=\(encoded(try self.part(in: keys)))")
            #expect(gone.headers[.location] == "/organizations/1/keys?done=key-removed&\(ofKeys)")
        }
    }

    /// The address is made of what was understood, not of what was sent.
    @Test(arguments: ["limit=0&cursor=00", "//evil.example", "cursor=%0d%0ax", "x=y"])
    func anythingElseLeadsToTheBeginning(_ part: String) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let saved = try await owner.post("members", "user=77&name=&email=&role=member&seen=&part=\(encoded(part))")
            #expect(saved.headers[.location] == "/organizations/1/members?done=member-saved")
            let retried = try await owner.post("deliveries/retry", "list=\(encoded(part))")
            #expect(retried.headers[.location] == "/organizations/1/deliveries?done=nothing-selected")
        }
    }

    @Test func retryingChosenDeliveriesKeepsTheFilter() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let list = "state=failed&run=42&since=2026-11-23T00:00:00.000000Z&limit=10"
            let retried = try await owner.post("deliveries/retry", "list=\(encoded(list))")
            #expect(retried.headers[.location] == "/organizations/1/deliveries?done=nothing-selected&\(list)")
        }
    }

    @Test func replaysHaveOlderOnes() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            for name in ["First", "Second"] {
                let body: JSONValue = [
                    "kind": "webhook", "name": .string(name), "settings": ["url": "https://a.example"],
                ]
                let made = try await caller.send(.post, "/v1/organizations/1/channels", key: service.owner, body)
                let replay: JSONValue = [
                    "channel_id": try made.json["id"] ?? .null, "since": "2020-01-01T00:00:00Z", "states": ["failed"],
                ]
                let started = try await caller.send(.post, "/v1/organizations/1/replays", key: service.owner, replay)
                #expect(started.status == 202)
            }
            let second = try await next(of: "replays", by: owner)
            let page = try await owner.get("replays?" + second).text
            #expect(page.contains("<bdi>First</bdi>") && !page.contains("<bdi>Second</bdi>"))
            let action = /action="\/organizations\/1\/(replays\/[0-9a-f-]+\/cancel)"/
            let cancel = try #require(page.firstMatch(of: action)).1
            let done = try await owner.post(String(cancel), "part=\(encoded(try part(in: page)))")
            #expect(done.headers[.location] == "/organizations/1/replays?\(second)")
        }
    }

    /// The query of the second part of a list, when each part has one row.
    private func next(of list: String, by owner: SignedIn) async throws -> String {
        let page = try await owner.get(list + "?limit=1").text
        let link = try #require(page.firstMatch(of: try Regex("href=\"/organizations/1/\(list)\\?([^\"]+)\"")))
        return String(try #require(link.output[1].substring)).replacing("&amp;", with: "&")
    }

    private func part(in page: String) throws -> String {
        String(try #require(page.firstMatch(of: /name="part" value="([^"]*)"/)).1).replacing("&amp;", with: "&")
    }

    private func encoded(_ text: String) -> String { PercentEncoding.encode(text) }
}
