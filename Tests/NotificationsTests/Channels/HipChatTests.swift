import Notifications
import Testing

@Suite struct HipChatTests {
    private let hipChat = HipChat()

    @Test(arguments: ChannelKindContract.contents.indices)
    func keepsHipChatsLimits(_ index: Int) throws {
        for link in [nil, Samples.runLink] {
            let notice = Samples.notice(ChannelKindContract.contents[index], runLink: link)
            let body = try body(notice)
            #expect((1...10_000).contains(body["message"]?.string?.utf16.count ?? 0))
            #expect((1...64).contains(body["from"]?.string?.utf16.count ?? 0))
            #expect(body["message_format"] == "html")
            #expect(["yellow", "green", "red", "purple", "gray"].contains(body["color"]))
            guard notice.content.message == nil else {
                #expect(body["card"] == nil)
                continue
            }
            try check(card: #require(body["card"]))
            #expect(body["card"]?["url"]?.string == (notice.content.run == nil ? nil : notice.runLink))
        }
    }

    private func check(card: JSONValue) throws {
        #expect(card["style"] == "application" && card["format"] == "medium")
        #expect(card["id"]?.string?.isEmpty == false)
        #expect((1...500).contains(card["title"]?.string?.utf16.count ?? 0))
        #expect((1...1000).contains(card["description"]?["value"]?.string?.utf16.count ?? 0))
        guard let attributes = card["attributes"]?.array else { return }
        #expect((1...10).contains(attributes.count))
        for attribute in attributes {
            #expect((1...50).contains(attribute["label"]?.string?.utf16.count ?? 0))
            #expect(attribute["value"]?["label"]?.string?.isEmpty == false)
        }
    }

    @Test(arguments: ChannelKindContract.contents.indices)
    func holdsNoMarkupButItsOwn(_ index: Int) throws {
        let notice = Samples.notice(ChannelKindContract.contents[index], runLink: Samples.runLink)
        guard notice.content.message?.html == nil else { return }
        let body = try body(notice)
        let texts = [body["message"], body["card"]?["description"]?["value"], body["card"]?["activity"]?["html"]]
        for text in texts.compactMap({ $0?.string }) {
            let own = /<b>|<\/b>|<br>|<\/a>|<a href="https:[^"<>]*">/
            let rest = text.replacing(own, with: "").replacing(/&(amp|lt|gt|quot|#39);/, with: "")
            #expect(!rest.contains { "<>\"'&".contains($0) })
        }
    }

    /// Harmless HTML arrives as it was posted; text arrives as HTML, so that it mentions nobody.
    @Test func aMessageArrivesAsItCame() throws {
        let html = try body(Samples.notice(Samples.message))
        #expect(html["message"]?.string == Samples.message.message?.html && html["color"] == "green")
        #expect(html["from"] == "Jenkins" && html["notify"] == true && html["card"] == nil)
        let text = try body(Samples.notice(Samples.textMessage))
        #expect(text["message"] == "Build 13 failed:<br>@all see &lt;this&gt;" && text["message_format"] == "html")
        #expect(text["from"] == "Runbell" && text["color"] == "yellow" && text["notify"] == false)
        var quiet = Samples.settings("hipchat")
        quiet["notify"] = false
        let request = hipChat.message(for: Samples.notice(Samples.message), settings: quiet)
        #expect(try JSONValue.parse(request.body)["notify"] == false)
        let shown = hipChat.shownMessage(for: Samples.notice(Samples.message), settings: quiet).preview
        #expect(shown?.body == "Checkout > build 12 (https://ci.example.org/12?a=1&b=2) passed\n2 < 3 min")
    }

    @Test func linksToTheRun() throws {
        let message = try body(Samples.notice(Samples.contents[1], runLink: Samples.runLink))["message"]?.string
        #expect(
            message?.contains(#"<a href="https://notify.example.org/runs/4711?a=1&amp;b=2">Checkout &lt;peak&gt;"#)
                == true)
        #expect(try body(Samples.notice(Samples.contents[1]))["message"]?.string?.contains("href") == false)
    }

    @Test func sendsTheTokenAndTheNotifySetting() throws {
        let settings = Samples.settings([
            "url": "https://chat.example.org/v2/room/7/notification", "auth_token": "tok", "notify": true,
        ])
        let request = hipChat.message(for: Samples.notice(.testNotificationChannel), settings: settings)
        #expect(request.headers.contains(.init("Authorization", "Bearer tok", isSecret: true)))
        #expect(try JSONValue.parse(request.body)["notify"] == true)
        #expect(try body(Samples.notice(.testNotificationChannel))["notify"] == false)
    }

    @Test(arguments: [
        (EventContent.testNotificationChannel, "gray"), (.testStarted(Samples.run(.running)), "gray"),
        (.testFinished(Samples.run(.finished)), "green"), (.testFinished(Samples.run(.timedOut)), "yellow"),
        (.testFinished(Samples.run(.abortedByUser)), "yellow"),
        (.testFinished(Samples.run(.abortedBySystem)), "yellow"),
        (.testFinished(Samples.run(.abortedByScriptError)), "red"),
        (.testFinished(Samples.run(.abortedByThreshold)), "red"),
        (.testFinished(Samples.run(.failedThreshold)), "red"),
    ])
    func colors(_ content: EventContent, _ color: String) throws {
        #expect(try body(Samples.notice(content))["color"] == .string(color))
    }

    @Test(
        arguments: [
            (204, "delivered", nil), (200, "refused", "unexpected_answer"), (202, "refused", "unexpected_answer"),
            (400, "refused", "hipchat.bad_request"), (401, "gone", "hipchat.unauthorized"),
            (403, "gone", "hipchat.forbidden"),
            (404, "gone", "hipchat.room_not_found"), (405, "gone", "hipchat.wrong_address"), (410, "gone", "http.410"),
            (413, "refused", "http.413"), (429, "retry", "hipchat.too_many_requests"), (500, "retry", "http.500"),
            (503, "retry", "http.503"), (302, "refused", "http.302"),
        ] as [(Int, String, String?)])
    func reads(_ status: Int, _ word: String, _ code: String?) {
        let body = #"{"error":{"code":401,"type":"Unauthorized","message":"Invalid OAuth session"}}"#
        let verdict = hipChat.verdict(on: Samples.answer(status, body))
        #expect(verdict.word == word)
        #expect(verdict.finding?.code == code)
    }

    @Test(
        arguments: [
            (["X-Ratelimit-Reset": 90], 90), (["X-FloodControl-Reset": 40], 40), (["x-ratelimit-reset": 90], 90),
            (["X-Ratelimit-Reset": 90, "X-FloodControl-Reset": 40], 90),
            (
                [
                    "X-Ratelimit-Reset": 90, "X-Ratelimit-Remaining": 499, "X-FloodControl-Reset": 40,
                    "X-FloodControl-Remaining": 0,
                ], 40
            ),
            (
                [
                    "X-Ratelimit-Reset": 90, "X-Ratelimit-Remaining": 0, "X-FloodControl-Reset": 40,
                    "X-FloodControl-Remaining": 5,
                ], 90
            ),
            (["X-Ratelimit-Reset": 90, "X-Ratelimit-Remaining": 3], 90), (["X-Ratelimit-Reset": -30], 0),
            (["X-Ratelimit-Reset": 1_000_000], 86_400), ([:], nil),
        ] as [([String: Int64], Int?)])
    func waitsUntilTheLimitStartsAnew(_ headers: [String: Int64], _ seconds: Int?) {
        let written = headers.map { name, value in
            Answer.Header(name, String(name.lowercased().hasSuffix("reset") ? Samples.at.seconds + value : value))
        }
        guard case .retry(_, let after) = hipChat.verdict(on: Answer(status: 429, headers: written, at: Samples.at))
        else {
            Issue.record("HipChat's 429 is tried again.")
            return
        }
        #expect(after == seconds.map { .seconds($0) })
    }

    @Test(arguments: ["", "soon", "-1", "9223372036854775807", "99999999999999999999", "1e9"])
    func takesNoNonsenseForATime(_ reset: String) {
        guard case .retry(_, nil) = hipChat.verdict(on: Samples.answer(429, "", ("X-Ratelimit-Reset", reset))) else {
            Issue.record("\(reset) is no time.")
            return
        }
    }

    private func body(_ notice: Notice) throws -> JSONValue {
        try JSONValue.parse(hipChat.message(for: notice, settings: Samples.settings("hipchat")).body)
    }

    @Test func itsOwnServiceHasEndedAndOthersMayBeThere() {
        func end(_ url: String) -> String? { HipChat().end(of: Samples.settings(["url": .string(url)])) }
        for host in ["acme.hipchat.com", "api.hipchat.com", "hipchat.com"] {
            #expect(end("https://\(host)/v2/room/7/notification") == "This service ended on 15 February 2019.")
        }
        for host in ["chat.example.org", "nothipchat.com", "hipchat.com.example.org"] {
            #expect(end("https://\(host)/v2/room/7/notification") == nil)
        }
    }
}
