import Notifications
import Testing

/// Slack by a bot with a token, the second way to reach it.
@Suite struct SlackBotTests {
    private let slack = Slack()

    private func errors(_ settings: JSONValue) throws -> [String] {
        let draft: JSONValue = ["kind": "slack", "name": "Team", "settings": settings]
        do throws(InvalidInput) {
            _ = try ChannelDraft(reading: draft, kinds: .standard(), policy: EgressPolicy())
            return []
        } catch {
            #expect(error.errors.allSatisfy { $0.message.isSentence })
            return error.errors.map(\.field)
        }
    }

    private static let hook = JSONValue.string(Samples.settings("slack").text("url") ?? "")
    private static let token = JSONValue.string(Samples.slackBot.text("token") ?? "")

    @Test func settings() throws {
        let api: JSONValue = "https://slack.com/api"
        #expect(try errors(["url": api, "token": Self.token, "channel": "C0123456789", "threads": true]) == [])
        #expect(try errors(["url": "https://slack-gov.com/api/", "token": Self.token, "channel": "#tests"]) == [])
        #expect(try errors(["url": api, "token": Self.token]) == ["settings.channel"])
        #expect(try errors(["url": api]) == ["settings.token", "settings.channel"])
        #expect(
            try errors(["url": Self.hook, "token": Self.token, "channel": "C0123456789"]) == [
                "settings.token", "settings.channel",
            ])
        #expect(try errors(["url": Self.hook, "threads": true]) == ["settings.threads"])
        #expect(try errors(["url": Self.hook, "replace": true]) == ["settings.replace"])
        #expect(try errors(["url": Self.hook, "replace": false]) == [])
        for url in [
            "http://slack.com/api", "https://slack.com:8443/api", "https://slack.com/api/x",
            "https://slack.com/api?a=b",
            "https://slack.com.evil.example/api", "https://evil.example/api", "https://hooks.slack.com/api",
        ] {
            #expect(
                try errors(["url": .string(url), "token": Self.token, "channel": "#tests"]).contains("settings.url"),
                "\(url)")
        }
        for channel in ["tests", "#", "# tests", "#a b", "<!channel>", "@user", "c0123456789"] {
            #expect(
                try errors(["url": api, "token": Self.token, "channel": .string(channel)]).contains("settings.channel"),
                "\(channel)")
        }
        for token in ["xoxp-0123456789ab", "xoxb-", "xoxb-0123 456789", "secret"] {
            #expect(
                try errors(["url": api, "token": .string(token), "channel": "#tests"]).contains("settings.token"),
                "\(token)")
        }
    }

    @Test func aMessageShowsNoToken() throws {
        let token = try #require(Samples.slackBot.text("token"))
        let notice = Samples.notice(.testNotificationChannel)
        let shown = slack.shownMessage(for: notice, settings: Samples.slackBot)
        #expect(shown.wire.headers.contains { $0.name == "Authorization" && !$0.value.contains(token) })
        #expect(!shown.wire.body.contains("xoxb") && shown.preview?.from == "Bot")
        #expect(slack.host(of: Samples.slackBot) == "slack.com")
        let message = slack.message(for: notice, settings: Samples.slackBot)
        #expect(message.url == "https://slack.com/api/chat.postMessage")
        let known = KnownSecrets(of: message, settings: Samples.slackBot, kind: slack)
        #expect(!known.blotted("an echo of \(token)").contains(token))
        // Words of every address are no secrets.
        #expect(known.blotted("call chat.postMessage of the api") == "call chat.postMessage of the api")
    }

    @Test(arguments: ["slack://xoxb-0123456789-abcdef/C0123456789", "slack://xoxb-0123456789-abcdef/#tests"])
    func anAddressOfAppriseIsRecognized(_ text: String) throws {
        let found = try #require(ChannelCatalogue.standard().recognize(text))
        #expect(found.kind.id == "slack" && found.settings.text("token") == "xoxb-0123456789-abcdef")
        #expect(found.settings.text("url") == "https://slack.com/api")
        #expect(found.settings.text("channel").map { text.hasSuffix($0) } == true)
    }

    @Test func aLongAnswerIsDelivered() {
        let cut = #"{"ok":true,"channel":"C0123456789","ts":"1503435956.000247","message":{"text":"cut"#
        #expect(slack.verdict(on: Samples.answer(200, cut)) == .delivered)
    }

    @Test(
        arguments: [
            (200, "invalid_auth", "gone", "slack.invalid_auth"),
            (200, "channel_not_found", "gone", "slack.channel_not_found"),
            (200, "not_in_channel", "gone", "slack.not_in_channel"), (200, "is_archived", "gone", "slack.is_archived"),
            (200, "missing_scope", "gone", "slack.missing_scope"),
            (200, "token_revoked", "gone", "slack.token_revoked"),
            (200, "restricted_action", "gone", "slack.restricted_action"),
            (200, "accesslimited", "gone", "slack.access_limited"),
            (200, "messages_tab_disabled", "gone", "slack.messages_tab_disabled"),
            (200, "invalid_blocks", "refused", "slack.invalid_blocks"), (200, "no_text", "refused", "slack.no_text"),
            (200, "fatal_error", "retry", "slack.server_error"), (200, "ratelimited", "retry", "slack.rate_limited"),
            (429, "ratelimited", "retry", "slack.rate_limited"), (500, "internal_error", "retry", "http.500"),
            (200, "new", "refused", "unexpected_answer"), (404, "new", "refused", "http.404"),
            (200, "message_not_found", "refused", "unexpected_answer"),
        ] as [(Int, String, String, String)])
    func verdicts(_ status: Int, _ error: String, _ word: String, _ code: String) {
        let verdict = slack.verdict(on: Samples.answer(status, #"{"ok":false,"error":"\#(error)"}"#))
        #expect(verdict.word == word && verdict.finding?.code == code)
        #expect(verdict.finding?.text.isSentence == true)
    }
}
