import Notifications
import Testing

/// Which kind a pasted address belongs to.
@Suite struct RecognitionTests {
    private static let catalogue = ChannelCatalogue.standard()
    private static let key = "R0123456789ABCDEF0123456789ABCDE"
    private static let slack = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"

    @Test(
        arguments: [
            (slack, "slack", ["url": .string(slack)]), ("  \(slack)\n", "slack", ["url": .string(slack)]),
            ("slack://T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", "slack", ["url": .string(slack)]),
            (
                "https://chat.example.org/v2/room/7/notification?auth_token=tok", "hipchat",
                ["url": "https://chat.example.org/v2/room/7/notification?auth_token=tok"]
            ),
            ("https://ntfy.sh/acme-tests", "ntfy", ["topic": "acme-tests", "url": "https://ntfy.sh"]),
            ("ntfy://acme-tests", "ntfy", ["topic": "acme-tests", "url": "https://ntfy.sh"]),
            (
                "ntfys://tk_0123@push.example.org:8443/acme-tests", "ntfy",
                ["topic": "acme-tests", "url": "https://push.example.org:8443", "token": "tk_0123"]
            ),
            (
                "pagerduty://\(key)@api0123?region=eu", "pagerduty",
                ["routing_key": .string(key), "url": "https://events.eu.pagerduty.com"]
            ),
            ("opsgenie://0123-ab", "opsgenie", ["api_key": "0123-ab", "url": "https://api.opsgenie.com"]),
            (
                "https://github.com/acme/shop.git", "github",
                ["repository": "acme/shop", "url": "https://api.github.com"]
            ),
            (
                "https://gitlab.com/acme/web/shop/-/pipelines", "gitlab",
                ["project": "acme/web/shop", "url": "https://gitlab.com"]
            ),
            (
                "tgram://123456789:abcdefg_hij/-100123", "telegram",
                ["token": "123456789:abcdefg_hij", "chat": "-100123"]
            ),
            (
                "discord://4174296324/AbCdEf", "discord",
                ["url": "https://discord.com/api/webhooks/4174296324/AbCdEf"]
            ),
            (
                "gchat://AAAAbcd/key/tok%3D", "googlechat",
                ["url": "https://chat.googleapis.com/v1/spaces/AAAAbcd/messages?key=key&token=tok%3D"]
            ),
            (
                "mmosts://chat.example.org/sub/xxxxxxxxxxxxxxxxxxxxxxxxxx", "mattermost",
                ["url": "https://chat.example.org/sub/hooks/xxxxxxxxxxxxxxxxxxxxxxxxxx"]
            ),
            ("https://ci.example.org/hook?a=1", "webhook", ["url": "https://ci.example.org/hook?a=1"]),
            ("http://ci.example.org", "webhook", ["url": "http://ci.example.org"]),
        ] as [(String, String, JSONValue)])
    func recognizes(_ text: String, _ kind: String, _ settings: JSONValue) throws {
        let found = try #require(Self.catalogue.recognize(text))
        #expect(found.kind.id == kind)
        #expect(JSONValue.object(found.settings.json) == settings)
    }

    @Test("What an address stands for is what its kind takes", arguments: catalogue.ids)
    func roundTrip(_ id: String) throws {
        let kind = try #require(Self.catalogue.kind(id))
        guard let url = Samples.settings(id).text("url"), let found = Self.catalogue.recognize(url) else { return }
        guard found.kind.id == kind.id else { return }
        _ = try ChannelSettings(
            reading: .object(found.settings.json), fields: kind.fields, policy: EgressPolicy(), saved: nil, path: "")
    }

    /// A wrong address of a service is not a web hook: the form of the service says what is wrong.
    @Test func aWrongAddressStaysWithItsService() {
        let found = Self.catalogue.recognize("https://hooks.slack.com/triggers/T00000000/1/x")
        #expect(found?.kind.id == "slack")
    }

    @Test(arguments: [
        "", "slack", "mailto:a@example.org", "javascript:alert(1)", "file:///etc/passwd", "https://", "slack://T/B",
        "slack://T/B/X/#channel", "https://user:password@ci.example.org/", "https://ci.example.org/a b",
    ])
    func takesNothingElse(_ text: String) {
        #expect(Self.catalogue.recognize(text) == nil)
    }

    @Test("A long address costs little") func cost() {
        let clock = ContinuousClock()
        let text = "https://" + String(repeating: "a:@/?&=%", count: 250)
        #expect(clock.measure { _ = Self.catalogue.recognize(text) } < .milliseconds(500))
        #expect(Self.catalogue.recognize("https://ci.example.org/" + String(repeating: "x", count: 2100)) == nil)
    }

    @Test("Two characters tell a kind from the others") func marks() {
        let marks = Self.catalogue.kinds.map(\.mark)
        #expect(marks.allSatisfy { $0.utf8.count == 2 })
        #expect(Set(marks).count == marks.count, "\(marks)")
    }
}

@Suite struct DeclineTests {
    @Test(arguments: Decline.allCases)
    func isAReasonOfItsOwn(_ decline: Decline) {
        let reason = SkipReason.declined(decline)
        #expect(reason.rawValue == "nothing_to_say.\(decline.rawValue)")
        #expect(SkipReason(rawValue: reason.rawValue) == reason)
        #expect(SkipReason(rawValue: "nothing_to_say.more") == nil)
        #expect(decline.text("GitHub").contains("GitHub"))
    }

    @Test func aSecretMemberIsMasked() throws {
        let key = String(repeating: "k", count: 28) + "1234"
        let message = HTTPMessage(
            url: "https://a.example/", headers: [],
            body: (["key": .string(key), "text": "x"] as JSONValue).compactBytes
        ).hiding(["key", "none"])
        #expect(message.redacted.body == #"{"key":"…1234","text":"x"}"#)
        #expect(message.secrets.contains(Array(key.utf8)))
    }
}
