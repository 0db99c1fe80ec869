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
            (
                "rockets://38xQ9ZR6aqSR5aKry/RRRRRRRRRRRR@chat.example.org:3000", "rocketchat",
                ["url": "https://chat.example.org:3000/hooks/38xQ9ZR6aqSR5aKry/RRRRRRRRRRRR"]
            ),
            (
                "rocket://38xQ9ZR6aqSR5aKry%2FRRRRRRRRRRRR@chat.example.org/", "rocketchat",
                ["url": "http://chat.example.org/hooks/38xQ9ZR6aqSR5aKry/RRRRRRRRRRRR"]
            ),
            (
                "workflows://prod-12.westeurope.logic.azure.com:443/0123ab/S1g-_x", "teams",
                [
                    "url": .string(
                        "https://prod-12.westeurope.logic.azure.com:443/workflows/0123ab/triggers/manual/paths/invoke"
                            + "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=S1g-_x")
                ]
            ),
            (
                "workflow://a.environment.api.powerplatform.com/0123ab/S1g/?pa=yes&route=7", "teams",
                [
                    "url": .string(
                        "https://a.environment.api.powerplatform.com/powerautomate/automations/direct/cu/7/workflows/"
                            + "0123ab/triggers/manual/paths/invoke?api-version=2022-03-01-preview"
                            + "&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=S1g")
                ]
            ),
            (
                "zulip://goober@acme/lqn6mpwpam6VZzbCW0o7olmk3hwbQSK1/load-tests", "zulip",
                [
                    "url": "https://acme.zulipchat.com", "email": "goober-bot@acme.zulipchat.com",
                    "api_key": "lqn6mpwpam6VZzbCW0o7olmk3hwbQSK1", "channel": "load-tests",
                ]
            ),
            (
                "zulip://goober-bot@chat.example.org/lqn6mpwpam6VZzbCW0o7olmk3hwbQSK1/%23ops", "zulip",
                [
                    "url": "https://chat.example.org", "email": "goober-bot@chat.example.org",
                    "api_key": "lqn6mpwpam6VZzbCW0o7olmk3hwbQSK1", "channel": "ops",
                ]
            ),
            (
                "https://zulip.example.org:8443/api/v1/external/json?api_key=abc&stream=load%20tests&topic=CI", "zulip",
                ["url": "https://zulip.example.org:8443", "api_key": "abc", "channel": "load tests", "topic": "CI"]
            ),
            ("https://acme.zulipchat.com/#narrow/channel/7-ops", "zulip", ["url": "https://acme.zulipchat.com"]),
            (
                "matrixs://syt_abc@matrix.example.org/!room:example.org", "matrix",
                ["url": "https://matrix.example.org", "access_token": "syt_abc", "room": "!room:example.org"]
            ),
            (
                "matrix://syt_abc@matrix.example.org:8008/%21room%3Aexample.org", "matrix",
                ["url": "http://matrix.example.org:8008", "access_token": "syt_abc", "room": "!room:example.org"]
            ),
            (
                "https://matrix.to/#/!room:example.org?via=example.org", "matrix", ["room": "!room:example.org"]
            ),
            ("https://matrix.to/#/%23ops:example.org", "matrix", ["room": "#ops:example.org"]),
            ("https://app.element.io/#/room/!room:example.org", "matrix", ["room": "!room:example.org"]),
            (
                "https://matrix.example.org/_matrix/client/v3/rooms/%21room%3Aexample.org/send/m.room.message/1"
                    + "?access_token=syt_abc", "matrix",
                ["url": "https://matrix.example.org", "room": "!room:example.org", "access_token": "syt_abc"]
            ),
            ("https://ci.example.org/hook?a=1", "webhook", ["url": "https://ci.example.org/hook?a=1"]),
            ("http://ci.example.org", "webhook", ["url": "http://ci.example.org"]),
        ] as [(String, String, JSONValue)])
    func recognizes(_ text: String, _ kind: String, _ settings: JSONValue) throws {
        let found = try #require(Self.catalogue.recognize(text))
        #expect(found.kind.id == kind)
        #expect(JSONValue.object(found.settings.json) == settings)
    }

    @Test("What an address stands for is what its kind takes, but for what has to be added", arguments: catalogue.ids)
    func roundTrip(_ id: String) throws {
        let kind = try #require(Self.catalogue.kind(id))
        guard let url = Samples.settings(id).text("url"), let found = Self.catalogue.recognize(url) else { return }
        guard found.kind.id == kind.id else { return }
        do throws(InvalidInput) {
            _ = try ChannelSettings(
                reading: .object(found.settings.json), fields: kind.fields, policy: EgressPolicy(), saved: nil,
                path: "")
        } catch {
            #expect(error.errors.allSatisfy { found.settings[$0.field] == nil }, "\(error)")
        }
    }

    /// A wrong address of a service is not a web hook: the form of the service says what is wrong.
    @Test func aWrongAddressStaysWithItsService() {
        let found = Self.catalogue.recognize("https://hooks.slack.com/triggers/T00000000/1/x")
        #expect(found?.kind.id == "slack")
    }

    @Test(arguments: [
        "", "slack", "mailto:a@example.org", "javascript:alert(1)", "file:///etc/passwd", "https://", "slack://T/B",
        "slack://T/B/X/#channel", "rocket://user:password@chat.example.org/ops", "rockets://a/b@chat.example.org/ops",
        "zulip://bot@acme/key", "zulip://bot@acme/key/ops/qa", "zulip://bot@acme/key/a@example.org",
        "matrix://token", "matrixs://user:password@example.org/!r:example.org", "matrixs://t@example.org/#ops",
        "matrixs://t@example.org/!r:example.org?mode=slack", "workflows://a.logic.azure.com/0123ab",
        "workflows://a.logic.azure.com/0123ab/sig?template=/etc/passwd", "https://user:password@ci.example.org/",
        "https://ci.example.org/a b",
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
