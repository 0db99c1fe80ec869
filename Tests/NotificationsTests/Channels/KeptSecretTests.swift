import Notifications
import Testing

/// A secret that is kept is sent only to the host that it was saved with.
@Suite struct KeptSecretTests {
    private static let url = "https://chat.example.org/v2/room/7/notification"

    private static func saved(_ kind: String, _ settings: JSONValue) -> Channel {
        Channel(
            id: ChannelID("0198c0de-0000-7000-8000-000000000001") ?? .least, organizationID: OrganizationID(1),
            kind: kind, knownKind: ChannelCatalogue.standard().kind(kind), name: "Room",
            settings: ChannelSettings(settings.object ?? JSONObject()),
            subscription: .everything, state: .enabled,
            version: 1, createdAt: Samples.at, updatedAt: Samples.at)
    }

    private static let room = saved("hipchat", ["url": .string(url), "auth_token": "t0ken-of-the-room"])

    private static func read(_ settings: JSONValue, _ saved: Channel = room) throws(InvalidInput) -> ChannelDraft {
        let draft: JSONValue = ["kind": .string(saved.kind), "name": "x", "settings": settings]
        return try ChannelDraft(reading: draft, kinds: .standard(), policy: EgressPolicy(), replacing: saved)
    }

    @Test(arguments: [
        "https://evil.example.org/v2/room/7/notification", "https://chat.example.org:8443/v2/room/7/notification",
    ])
    func anotherHostAsksForTheTokenAgain(_ url: String) throws {
        let tokens: [JSONValue?] = [.none, .some(.string(Masking.tail(of: "t0ken-of-the-room")))]
        for token in tokens {
            var settings = JSONObject()
            settings["url"] = .string(url)
            settings["auth_token"] = token
            let error = #expect(throws: InvalidInput.self) { try Self.read(.object(settings)) }
            #expect(error?.errors.map(\.field) == ["settings.auth_token"])
        }
        #expect(try Self.read(["url": .string(url), "auth_token": "another"]).settings.text("auth_token") == "another")
        #expect(try Self.read(["url": .string(url), "auth_token": nil]).settings.text("auth_token") == nil)
    }

    @Test func theSameHostKeepsIt() throws {
        for url in ["https://chat.example.org/v2/room/8/notification", OutboundURL.masked(Self.url)] {
            #expect(try Self.read(["url": .string(url)]).settings.text("auth_token") == "t0ken-of-the-room")
        }
        #expect(try Self.read([:]).settings == Self.room.settings)
    }

    /// The service adds a signing secret at the end of a new channel's settings; in a form it stands before other fields.
    @Test func settingsAreTheSameInAnyOrder() throws {
        let saved = Self.saved(
            "webhook",
            ["url": "https://ci.example.org/hook", "headers": "X-A: b", "signing_secret": .string(Samples.secret)])
        let shown: JSONValue = ["url": .string(OutboundURL.masked("https://ci.example.org/hook")), "headers": "X-A: b"]
        #expect(try Self.read(shown, saved).settings == saved.settings)
        #expect(try Self.read(["url": "https://ci.example.org/hook"], saved).settings != saved.settings)
    }

    /// The secret that signs requests is never sent.
    @Test func aSigningSecretIsKept() throws {
        let hook = Self.saved(
            "webhook", ["url": "https://ci.example.org/hook", "signing_secret": .string(Samples.secret)])
        let moved = try Self.read(["url": "https://other.example.org/hook"], hook)
        #expect(moved.settings.text("signing_secret") == Samples.secret)
    }

    private static let token = "123456789:" + String(repeating: "t", count: 35)
    private static let standard = "https://api.telegram.org"

    /// An address that is left out has a standard value, and another one leads elsewhere.
    @Test func aTokenWithoutAnAddressGoesToTheServiceOnly() throws {
        for settings in [
            ["token": .string(Self.token), "chat": "1", "url": .string(Self.standard)],
            [
                "token": .string(Self.token), "chat": "1",
            ],
        ] as [JSONValue] {
            let bot = Self.saved("telegram", settings)
            let error = #expect(throws: InvalidInput.self) {
                try Self.read(["chat": "1", "url": "https://bots.evil.example"], bot)
            }
            #expect(error?.errors.map(\.field) == ["settings.token"])
            #expect(try Self.read(["chat": "2"], bot).settings.text("token") == Self.token)
            #expect(try Self.read(["chat": "2"], bot).settings.text("url") == Self.standard)
        }
        let own = Self.saved(
            "telegram", ["token": .string(Self.token), "chat": "1", "url": "https://bots.example.org"])
        let error = #expect(throws: InvalidInput.self) { try Self.read(["chat": "1"], own) }
        #expect(error?.errors.map(\.field) == ["settings.token"])
    }
}
