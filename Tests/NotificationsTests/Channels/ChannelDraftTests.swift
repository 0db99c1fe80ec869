import Notifications
import Testing

@Suite struct ChannelDraftTests {
    private static let draft: JSONValue = [
        "kind": "webhook", "name": "CI", "settings": ["url": "https://ci.example.org/load-tests"],
        "subscription": ["statuses": [12]], "enabled": false,
    ]

    @Test func readsADraft() throws {
        let draft = try ChannelDraft(reading: Self.draft, kinds: .standard(), policy: EgressPolicy())
        #expect(draft.kind == "webhook" && draft.name == "CI" && !draft.isEnabled)
        #expect(draft.settings.text("url") == "https://ci.example.org/load-tests")
        #expect(try draft.subscription == Subscription(reading: ["statuses": [12]]))
    }

    @Test func reportsAllErrorsAtOnce() {
        let error = #expect(throws: InvalidInput.self) {
            try ChannelDraft(
                reading: [
                    "kind": "webhook", "name": " ", "settings": ["signing_secret": "whsec_short", "color": "red"],
                    "subscription": ["events": [], "project_ids": "1"], "enabled": "yes", "id": 1,
                ], kinds: .standard(), policy: EgressPolicy())
        }
        #expect(
            Set(error?.errors.map(\.field) ?? []) == [
                "name", "settings.url", "settings.signing_secret", "settings.color", "subscription.events",
                "subscription.project_ids", "enabled", "id",
            ])
    }

    @Test(
        arguments: [
            ["kind": "pigeon", "name": "x", "settings": [:]], ["kind": "webhook", "name": "x"],
            ["kind": "webhook", "name": "x", "settings": nil],
            [
                "kind": "webhook", "name": .string(String(repeating: "x", count: 201)),
                "settings": ["url": "https://ci.example.org/"],
            ],
            [
                "kind": "hipchat", "name": "x",
                "settings": ["url": "https://chat.example.org/v2/room/7/notification", "notify": "true"],
            ],
            [], "x", nil,
        ] as [JSONValue])
    func refuses(_ value: JSONValue) {
        #expect(throws: InvalidInput.self) {
            try ChannelDraft(reading: value, kinds: .standard(), policy: EgressPolicy())
        }
    }

    @Test func aSecretThatComesBackMaskedIsKept() throws {
        let settings = Samples.settings("hipchat")
        let saved = Channel(
            id: ChannelID(at: Samples.at), organizationID: OrganizationID(42), kind: "hipchat",
            knownKind: HipChat(), name: "Ops", settings: settings,
            subscription: .everything, state: .enabled, version: 1, createdAt: Samples.at, updatedAt: Samples.at)
        let shown = settings.masked(by: HipChat())
        for settingsSent: JSONValue in [.object(shown), [:]] {
            let value: JSONValue = ["kind": "hipchat", "name": "Ops", "settings": settingsSent]
            let draft = try ChannelDraft(reading: value, kinds: .standard(), policy: EgressPolicy(), replacing: saved)
            #expect(draft.settings == settings && draft.isEnabled)
        }
        #expect(throws: InvalidInput.self) {
            let value: JSONValue = ["kind": "slack", "name": "Ops", "settings": ["url": "https://hooks.slack.com/"]]
            return try ChannelDraft(reading: value, kinds: .standard(), policy: EgressPolicy(), replacing: saved)
        }
    }

    @Test(arguments: ChannelCatalogue.standard().ids)
    func secretsAreMaskedWhereverTheyAreShown(_ id: String) throws {
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        var settings = Samples.settings(id)
        settings[WebHook.previousSecretKey] = .string(Samples.secret)
        let shown = JSONValue.object(settings.masked(by: kind)).compactText
        for secret in ["xxxxxxxx", "auth_token=tok", "MDEyMzQ1", "load-tests"] { #expect(!shown.contains(secret)) }
    }
}
