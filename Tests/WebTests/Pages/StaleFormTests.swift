import HTTPTypes
import Notifications
import Testing

/// Forms that were filled in before somebody else changed the same.
@Suite struct StaleFormTests {
    private let members = "/v1/organizations/1/members"

    @Test func aStaleRowGivesNobodyARoleBack() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            _ = try await caller.send(.put, members + "/77", key: service.owner, ["role": "admin"])
            let seen = try await self.seen(of: 77, by: owner)
            _ = try await caller.send(.put, members + "/77", key: service.owner, ["role": "member"])
            let form = "user=77&name=Ben&email=&role=admin"
            let stale = try await owner.post("members", "\(form)&seen=\(seen)")
            #expect(stale.status == 409)
            #expect(stale.text.contains("changed or removed in the meantime"))
            #expect(try await caller.send(.get, members + "/77", key: service.owner).json["role"] == "member")
            _ = try await caller.send(.delete, members + "/77", key: service.owner)
            #expect(try await owner.post("members", "\(form)&seen=\(seen)").status == 409)
            #expect(try await caller.send(.get, members + "/77", key: service.owner).status == 404)
        }
    }

    @Test func addingChangesNoMember() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let form = "user=77&email=&role=member&seen="
            #expect(try await owner.post("members", form + "&name=Ben").status == 303)
            let again = try await owner.post("members", form + "&name=")
            #expect(again.status == 409)
            #expect(again.text.contains("This user is a member already."))
            #expect(try await caller.send(.get, members + "/77", key: service.owner).json["display_name"] == "Ben")
            let changed = try await owner.post("members", "\(form)\(seen(of: 77, by: owner))&name=Benjamin")
            #expect(changed.status == 303)
        }
    }

    /// A row with an error comes back in the form at the end, which then is about that member.
    @Test func aRowWithAnErrorCanBeSentAgain() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            _ = try await caller.send(.put, members + "/77", key: service.owner, ["role": "member"])
            let form = try await "user=77&name=Ben&role=member&seen=\(seen(of: 77, by: owner))"
            let wrong = try await owner.post("members", form + "&email=x")
            #expect(wrong.status == 422)
            let last = try #require(wrong.text.matches(of: /name="seen" value="(\d*)"/).last).output.1
            #expect(form.hasSuffix(last) && !last.isEmpty)
        }
    }

    @Test func settingsSayWhatSomebodyElseSaved() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let first = try await owner.get("settings").text
            let seen = try #require(first.firstMatch(of: /name="seen" value="(\d+)"/)).output.1
            let change: JSONValue = ["name": "Renamed <by others>"]
            _ = try await caller.send(.patch, "/v1/organizations/1", key: service.owner, change)
            let form = "name=Mine&run_link_template=&fallback=&retention=30&audit_retention=400&seen="
            let stale = try await owner.post("settings", form + seen)
            #expect(stale.status == 409)
            #expect(stale.text.contains("Name: The saved value is now Renamed &lt;by others&gt;."))
            let now = try #require(stale.text.firstMatch(of: /name="seen" value="(\d+)"/)).output.1
            #expect(try await owner.post("settings", form + now).status == 303)
        }
    }

    /// What a form comes back with after an error is about the same version as before: otherwise, sending it again would
    /// overwrite what somebody else has saved.
    @Test func anErrorDoesNotHideWhatSomebodyElseSaved() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            _ = try await caller.send(.put, members + "/77", key: service.owner, ["role": "member"])
            let row = try await seen(of: 77, by: owner)
            let settings = try hash(in: try await owner.get("settings").text)
            _ = try await caller.send(.put, members + "/77", key: service.owner, ["role": "admin"])
            _ = try await caller.send(.patch, "/v1/organizations/1", key: service.owner, ["name": "Theirs"])
            let member = try await owner.post("members", "user=77&name=Ben&role=member&email=x&seen=\(row)")
            #expect(member.status == 422)
            #expect(try hash(in: member.text) == row)
            let form = "name=Mine&run_link_template=&fallback=&audit_retention=400&seen=\(settings)"
            let wrong = try await owner.post("settings", form + "&retention=0")
            #expect(wrong.status == 422)
            #expect(try hash(in: wrong.text) == settings)
            #expect(try await owner.post("settings", form + "&retention=30").status == 409)
        }
    }

    /// The content hash in the last form of a page.
    private func hash(in page: String) throws -> Substring {
        try #require(page.matches(of: /name="seen" value="(\d*)"/).last).output.1
    }

    private func seen(of user: Int, by owner: SignedIn) async throws -> Substring {
        let page = try await owner.get("members").text
        let row = try #require(
            page.firstMatch(of: try Regex("name=\"user\" value=\"\(user)\"><input[^>]*value=\"(\\d+)\"")))
        return try #require(row.output[1].substring)
    }
}
