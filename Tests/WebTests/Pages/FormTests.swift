import HTTPTypes
import Notifications
import Testing

@testable import WebPages

/// Forms that are sent twice, and forms that come back with errors.
@Suite struct FormTests {
    /// A browser that reloads the answer to a form sends the form again.
    @Test(arguments: ["card", "page"])
    func aReloadCreatesNoSecondChannel(origin: String) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let creation = try await owner.get("channels/new?kind=webhook").creation
            let form = creation + "&kind=webhook&origin=\(origin)&settings.url="
            let wrong = try await owner.post("channels", form + "ftp://x")
            #expect(wrong.status == 422 && wrong.text.contains(creation.suffix(64)))
            let made = try await owner.post("channels", form + "https://example.com/hook")
            #expect(made.status == 200 && made.text.contains("whsec_"))
            let again = try await owner.post("channels", form + "https://example.com/hook")
            #expect(again.status == 303)
            let channels = try await caller.send(.get, "/v1/organizations/1/channels", key: service.owner)
            let all = try channels.json["data"]?.array ?? []
            #expect(all.count == 1)
            let place = "channels/\(all.first?["id"]?.string ?? "")?done=created-before"
            #expect(again.headers[.location] == "/organizations/1/" + place)
            let shown = try await owner.get(place)
            #expect(shown.text.contains("has already been created") && !shown.text.contains("id=\"new-secret\""))
            let other = try await owner.get("channels/new?kind=webhook").creation
            let second = try await owner.post("channels", other + "&kind=webhook&settings.url=https://example.com/")
            #expect(second.status == 200)
        }
    }

    /// As a channel is that the API has made: switches left out, line breaks at the end, and the signing secret, too.
    private static let made: [(kind: String, settings: JSONValue)] = [
        (
            "discord",
            ["url": .string("https://discord.com/api/webhooks/417429632418316298/" + String(repeating: "d", count: 68))]
        ),
        (
            "hipchat",
            [
                "url": "https://chat.example.org/v2/room/7/notification", "auth_token": "t0ken-of-the-room",
                "notify": false,
            ]
        ),
        (
            "webhook",
            [
                "url": "https://ci.example.org/hook", "format": "template", "template": "{\n\"a\": \"{{name}}\"}\n",
                "headers": "X-A: b\nX-C: d\n", "secret_headers": "X-Key: 0123456789abcdef\n",
                "basic_user": " Ben", "basic_password": "correct horse battery ",
                "signing_secret": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
            ]
        ),
    ]

    /// Otherwise its Test Hook would be one of unsaved changes, and enable nothing.
    @Test(arguments: made.indices)
    func aFormThatComesBackAsItWasShownChangesNothing(_ index: Int) throws {
        let settings = ChannelSettings(try #require(Self.made[index].settings.object))
        let kind = try #require(ChannelCatalogue.standard().kind(Self.made[index].kind))
        let saved = Channel(
            id: .least, organizationID: OrganizationID(1), kind: kind.id, knownKind: kind, name: "Room",
            settings: settings, subscription: .everything, state: .disabled, version: 1,
            createdAt: Timestamp(seconds: 0), updatedAt: Timestamp(seconds: 0))
        let shown = kind.fields.compactMap { field -> (String, String)? in
            let value = settings[field.key].map(field.masked)
            if case .bool = field.type { return value == .bool(true) ? ("settings.\(field.key)", "true") : nil }
            return ("settings.\(field.key)", (value?.string ?? "").replacing("\n", with: "\r\n"))
        }
        let form = try ChannelForm(FormBody([("kind", kind.id)] + shown), kinds: .standard())
        let draft = try ChannelDraft(
            reading: form.draft(replacing: saved), kinds: .standard(), policy: EgressPolicy(), replacing: saved)
        #expect(draft.settings == settings)
    }

    /// Of many channels, too: a list that left out the chosen one would drop it whenever the form is saved.
    @Test func everyChannelCanBeChosen() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            var last = ""
            for number in 1...251 {
                let draft: JSONValue = [
                    "kind": "webhook", "name": .string("Hook \(number)"),
                    "settings": ["url": "https://example.com/hook"],
                ]
                let made = try await caller.send(
                    .post, "/v1/organizations/1/channels", key: service.owner, draft)
                last = try made.json["id"]?.string ?? ""
            }
            let change: JSONValue = ["fallback_channel_id": .string(last)]
            _ = try await caller.send(.patch, "/v1/organizations/1", key: service.owner, change)
            let owner = try await SignedIn(caller, service.owner)
            let chosen = "<option value=\"\(last)\" selected>"
            #expect(try await owner.get("settings").text.contains(chosen))
            #expect(try await owner.get("replays?channel=\(last)").text.contains(chosen))
        }
    }

    @Test func manyMembersAndKeysAreShownInParts() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for user in 1001...1101 {
                _ = try await caller.send(
                    .put, "/v1/organizations/1/members/\(user)", key: service.owner, ["role": "member"])
                _ = try await caller.send(
                    .post, "/v1/organizations/1/keys", key: service.owner,
                    ["name": .string("key of \(user)"), "user_id": .integer(Int64(user))])
            }
            let owner = try await SignedIn(caller, service.owner)
            for (list, row) in [("members", "value=\"1101\""), ("keys", "key of 1101")] {
                let first = try await owner.get(list).text
                let next = try #require(first.split(separator: "\"").first { $0.contains("?limit=100&amp;cursor=") })
                #expect(!first.contains(row))
                let place = next.dropFirst("/organizations/1/".count).replacing("&amp;", with: "&")
                let second = try await owner.get(String(place)).text
                #expect(second.contains(row) && !second.contains("?limit=100"))
            }
        }
    }

    /// Not even after the key was removed.
    @Test func aReloadCreatesNoSecondKey() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let path = "/v1/organizations/1/keys"
            let before = try await keys(caller, service)
            let form = try await owner.get("keys").creation + "&name=CI&holder=service"
            #expect(try await owner.post("keys", form).text.contains("id=\"new-key\""))
            let again = try await owner.post("keys", form)
            #expect(again.status == 303)
            #expect(again.headers[.location] == "/organizations/1/keys?done=key-created-before")
            let after = try await keys(caller, service)
            #expect(after.count == before.count + 1)
            let id = after.first { $0["name"] == "CI" }?["id"]?.string ?? ""
            #expect(try await caller.send(.delete, "\(path)/\(id)", key: service.owner).status == 204)
            #expect(try await owner.post("keys", form).status == 303)
            #expect(try await keys(caller, service).count == before.count)
        }
    }

    @Test func aReloadRotatesNoSecretTwice() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let made = try await caller.send(
                .post, "/v1/organizations/1/channels", key: service.owner,
                ["kind": "webhook", "name": "CI", "settings": ["url": "https://example.com/hook"]])
            let channel = "channels/" + (try made.json["id"]?.string ?? "")
            let page = try await owner.get(channel).text
            let form = try #require(page.split(separator: "/rotate-secret\"").dropFirst().first)
            #expect(form.prefix(300).contains(#"name="version" value="1""#))
            let rotation = "version=1&overlap_hours=1"
            #expect(try await owner.post(channel + "/rotate-secret", rotation).text.contains("id=\"new-secret\""))
            let again = try await owner.post(channel + "/rotate-secret", rotation)
            #expect(again.headers[.location] == "/organizations/1/\(channel)?done=not-rotated")
        }
    }

    private func keys(_ caller: Caller, _ service: ServiceUnderTest) async throws -> [JSONValue] {
        try await caller.send(.get, "/v1/organizations/1/keys", key: service.owner).json["data"]?.array ?? []
    }

    /// Each form, and the elements that its summary leads to.
    private static let wrong: [(path: String, fields: String, targets: [String])] = [
        ("settings", "name=&retention=x&audit_retention=1", ["name", "retention", "audit-retention"]),
        ("keys", "name=&user=x&expires=soon", ["name", "user", "expires"]),
        ("members", "user=x&name=%07&email=x&role=boss", ["user", "name", "email", "role"]),
        (
            "replays", "channel=&since=9999-01-01&until=&per_minute=0",
            ["channel", "since", "states", "per-minute"]
        ),
        (
            "channels", "kind=webhook&origin=page&name=%07&settings.url=x&subscription=1&projects=a&max_per_minute=0",
            ["webhook-name", "webhook-url", "events", "statuses", "projects", "rate"]
        ),
        ("channels", "kind=slack&origin=card&name=%07&settings.url=x", ["slack-name", "slack-url"]),
    ]

    @Test(arguments: wrong.indices)
    func allErrorsAreListedAboveTheForm(_ index: Int) async throws {
        let (path, fields, targets) = Self.wrong[index]
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await SignedIn(caller, service.owner).post(path, fields)
            #expect(reply.status == 422)
            #expect(reply.text.contains("<title>Error: "))
            #expect(reply.text.contains("There are \(targets.count) errors in the form."))
            let links = reply.text.matches(of: /<li><a href="#([^"]+)">/).map { String($0.output.1) }
            #expect(Set(links) == Set(targets))
            for target in targets { #expect(reply.text.contains(" id=\"\(target)\""), "\(target)") }
            #expect(reply.text.matches(of: /autofocus/).count == 1)
        }
    }

    @Test func formsHaveTheirOwnWords() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let replay = "channel=01234567-0123-7123-8123-0123456789ab&states=failed&since="
            for (fields, text) in [
                ("9999-01-01", "Received since: Enter a time that is not in the future."),
                ("9999-01-01&until=9999-01-02", "Received since: Enter a time that is not in the future."),
                ("2026-01-02&until=2026-01-01", "Until: Enter a time after the start."),
                ("2026-01-02&until=soon", "Until: Enter a time such as 2026-11-24 12:00, or leave it empty for now."),
            ] {
                #expect(try await owner.post("replays", replay + fields).text.contains(text), "\(fields)")
            }
            let address =
                "settings.url=https://hooks.slack.com/services/T00000000/B00000000/" + String(repeating: "x", count: 24)
            _ = try await owner.post("channels", "kind=slack&origin=page&" + address)
            let channels = try await caller.send(.get, "/v1/organizations/1/channels", key: service.owner)
            let channel = try #require(try channels.json["data"]?.array?.first?["id"]?.string)
            let masked = "https://hooks.slack.com/services/%E2%80%A6ghix"
            let saved = try await owner.post(
                "channels/\(channel)", "kind=slack&origin=page&subscription=1&settings.url=\(masked)")
            #expect(saved.text.contains("Part of this address is masked. Enter the whole address."))
            #expect(saved.text.contains("Events: Choose at least one."))
        }
    }
}
