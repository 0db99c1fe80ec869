import Notifications
import Testing

@Suite struct SlackTests {
    private let slack = Slack()

    @Test(arguments: ChannelKindContract.contents.indices)
    func keepsSlacksLimits(_ index: Int) throws {
        for link in [nil, Samples.runLink] {
            let notice = Samples.notice(ChannelKindContract.contents[index], runLink: link)
            let body = try body(notice)
            #expect(body.object?.keys == ["text", "mrkdwn", "unfurl_links", "unfurl_media", "attachments"])
            #expect((1...4000).contains(body["text"]?.string?.utf16.count ?? 0))
            let attachment = try #require(body["attachments"]?.array?.first)
            #expect(attachment.object?.keys == ["color", "blocks"])
            let blocks = try #require(attachment["blocks"]?.array)
            for block in blocks { try check(block) }
            let mayLink = notice.content.run != nil || notice.content.message != nil
            #expect(blocks.contains { $0["type"] == "actions" } == (notice.runLink != nil && mayLink))
        }
    }

    private func check(_ block: JSONValue) throws {
        switch block["type"]?.string {
        case "header": try check(text: block["text"], atMost: 150)
        case "section":
            try check(text: block["text"], atMost: 3000)
            let fields = block["fields"]?.array ?? []
            #expect(fields.count <= 10)
            for field in fields { try check(text: field, atMost: 2000) }
        case "context":
            let elements = try #require(block["elements"]?.array)
            #expect((1...10).contains(elements.count))
            for element in elements { try check(text: element, atMost: 2000) }
        case "actions":
            let button = try #require(block["elements"]?.array?.first)
            try check(text: button["text"], atMost: 75)
            #expect((button["url"]?.string?.utf16.count ?? 9999) <= 3000)
            #expect(button["action_id"] == "open_run")
        default: Issue.record("An unknown block: \(block)")
        }
    }

    /// What users wrote appears only as plain text, and every character of Slack's markup in it is escaped.
    private func check(text object: JSONValue?, atMost limit: Int) throws {
        let text = try #require(object?["text"]?.string)
        #expect((1...limit).contains(text.utf16.count))
        let plain = text.replacing("&amp;", with: "").replacing("&lt;", with: "").replacing("&gt;", with: "")
        #expect(!plain.contains { "&<>".contains($0) })
        if object?["type"] == "mrkdwn" {
            #expect(text.wholeMatch(of: /\*[A-Z][a-z ]+\*\n[A-Za-z0-9 ()-]+/) != nil)
            #expect(object?["verbatim"] == true)
        } else {
            #expect(object?["type"] == "plain_text" && object?["emoji"] == false)
        }
    }

    @Test func cutsTheNameAfterAWholeCharacter() throws {
        let body = try body(Samples.notice(.testStarted(Samples.run(.running, name: Samples.hostileName))))
        let section = try #require(body["attachments"]?.array?.first?["blocks"]?.array?[1])
        let text = try #require(section["text"]?["text"]?.string)
        let name = text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        #expect(name.hasSuffix("…"))
        #expect(DisplayText.line(Samples.hostileName).hasPrefix(name.dropLast()))
        #expect(name.hasPrefix("<!channel> @everyone"))
        #expect(text.utf16.count > 2980)
    }

    @Test func doesNotLinkAnAddressInTheName() throws {
        let body = try body(Samples.notice(.testStarted(Samples.run(.running, name: "see http://evil.example"))))
        #expect(body["text"]?.string?.contains("http://") == false)
        #expect(body["mrkdwn"] == false)
    }

    @Test(arguments: [
        (EventContent.testNotificationChannel, "#1f6feb"), (.testStarted(Samples.run(.running)), "#1f6feb"),
        (.testFinished(Samples.run(.finished)), "good"), (.testFinished(Samples.run(.timedOut)), "warning"),
        (.testFinished(Samples.run(.abortedByUser)), "warning"),
        (.testFinished(Samples.run(.abortedBySystem)), "warning"),
        (.testFinished(Samples.run(.abortedByScriptError)), "danger"),
        (.testFinished(Samples.run(.abortedByThreshold)), "danger"),
        (.testFinished(Samples.run(.failedThreshold)), "danger"),
    ])
    func colors(_ content: EventContent, _ color: String) throws {
        #expect(try body(Samples.notice(content))["attachments"]?.array?.first?["color"] == .string(color))
    }

    @Test(
        arguments: [
            (200, "ok", "delivered", nil),
            (200, "", "refused", "unexpected_answer"), (200, "OK", "refused", "unexpected_answer"),
            (200, "ok\n", "refused", "unexpected_answer"),
            (200, #"{"ok":true}"#, "refused", "unexpected_answer"), (204, "", "refused", "unexpected_answer"),
            (200, "no_service", "gone", "slack.no_service"),
            (400, "invalid_payload", "refused", "slack.invalid_payload"),
            (400, "invalid_blocks", "refused", "slack.invalid_blocks"),
            (400, "invalid_attachments", "refused", "slack.invalid_attachments"),
            (
                400, "missing_text_or_fallback_or_attachments", "refused",
                "slack.missing_text_or_fallback_or_attachments"
            ),
            (400, "no_text", "refused", "slack.no_text"),
            (400, "too_many_attachments", "refused", "slack.too_many_attachments"),
            (400, "user_not_found", "gone", "slack.user_not_found"),
            (403, "action_prohibited", "gone", "slack.action_prohibited"),
            (403, "invalid_token", "gone", "slack.invalid_token"),
            (403, "posting_to_general_channel_denied", "gone", "slack.posting_to_general_channel_denied"),
            (404, "channel_not_found", "gone", "slack.channel_not_found"),
            (404, "no_service", "gone", "slack.no_service"),
            (404, "no_active_hooks", "gone", "slack.no_active_hooks"),
            (404, "no_service_id", "gone", "slack.no_service_id"),
            (404, "no_team", "gone", "slack.no_team"), (403, "team_disabled", "gone", "slack.team_disabled"),
            (404, "No hooks", "gone", "slack.no_hooks"),
            (410, "channel_is_archived", "gone", "slack.channel_is_archived"),
            (410, "", "gone", "http.410"), (429, "", "retry", "slack.rate_limited"),
            (429, "no_service", "retry", "slack.rate_limited"),
            (500, "rollup_error", "retry", "slack.rollup_error"), (500, "no_service", "retry", "http.500"),
            (503, "", "retry", "http.503"),
            (400, "brand_new_error", "refused", "http.400"), (404, "<html>", "refused", "http.404"),
            (302, "ok", "refused", "http.302"),
        ] as [(Int, String, String, String?)])
    func reads(_ status: Int, _ body: String, _ word: String, _ code: String?) {
        let verdict = slack.verdict(on: Samples.answer(status, body))
        #expect(verdict.word == word)
        #expect(verdict.finding?.code == code)
        if code?.hasPrefix("slack.") == true, status != 429 {
            #expect(verdict.finding?.text.hasPrefix("Slack returned \(body): ") == true)
        }
    }

    @Test func waitsAsLongAsSlackAsks() {
        let verdict = slack.verdict(on: Samples.answer(429, "rate_limited", ("Retry-After", "30")))
        guard case .retry(_, .seconds(30)?) = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }

    private func body(_ notice: Notice) throws -> JSONValue {
        try JSONValue.parse(slack.message(for: notice, settings: Samples.settings("slack")).body)
    }
}
