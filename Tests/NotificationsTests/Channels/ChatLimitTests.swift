import Foundation
import Notifications
import Testing

/// The limits that the services publish, for every event and the worst of names.
@Suite struct ChatLimitTests {
    private static let notices = ChannelKindContract.contents.flatMap { content in
        [nil, Samples.runLink].map { Samples.notice(content, runLink: $0) }
    }

    @Test func discord() throws {
        for notice in Self.notices {
            let body = try body("discord", notice)
            #expect(body["allowed_mentions"] == ["parse": []])
            let embed = try #require(body["embeds"]?.array?.first)
            let fields = embed["fields"]?.array ?? []
            #expect(Self.fits(embed["title"], 256) && Self.fits(embed["description"], 4096) && fields.count <= 25)
            #expect(fields.allSatisfy { Self.fits($0["name"], 256) && Self.fits($0["value"], 1024) })
            let texts = [embed["title"], embed["description"], embed["footer"]?["text"]].compactMap { $0?.string }
            let total = (texts + fields.flatMap { $0.leaves }).reduce(0) { $0 + $1.utf16.count }
            #expect(total <= 6000)
            #expect((0...0xFFFFFF).contains(embed["color"]?.integer ?? -1))
            #expect((1...80).contains(body["username"]?.string?.utf16.count ?? 0))
        }
    }

    @Test func googleChat() throws {
        for notice in Self.notices {
            let request = try Samples.request("googlechat", notice)
            #expect(request.body.count <= 32_000)
            let body = try JSONValue.parse(request.body)
            #expect(body["text"] == nil && Self.fits(body["fallbackText"], 4000))
            #expect((body["thread"] == nil) == (notice.content.run == nil))
            #expect(request.url.contains("messageReplyOption") == (notice.content.run != nil))
        }
        var settings = Samples.settings("googlechat")
        settings["threads"] = nil
        let request = GoogleChat().message(for: Self.notices[2], settings: settings)
        #expect(request.url == settings.text("url"))
    }

    /// Google Chat refuses an option that is there twice.
    @Test func googleChatGetsItsOptionOnce() throws {
        var settings = Samples.settings("googlechat")
        let address = try #require(settings.text("url")) + "&messageReplyOption=REPLY_MESSAGE_OR_FAIL"
        settings["url"] = .string(address)
        #expect(GoogleChat().message(for: Self.notices[2], settings: settings).url == address)
    }

    @Test func teams() throws {
        for notice in Self.notices { #expect(try Samples.request("teams", notice).body.count <= 28 * 1024) }
    }

    @Test func mattermostAndRocketChat() throws {
        for kind in ["mattermost", "rocketchat"] {
            for notice in Self.notices {
                // Servers before 6.0 keep at most 8,000 characters of attachments.
                #expect(try Samples.request(kind, notice).body.count <= 16_000)
                let attachment = try #require(try body(kind, notice)["attachments"]?.array?.first)
                #expect(Self.fits(attachment["text"], 4000) && Self.fits(attachment["title"], 1024))
                // The name is one code span: nothing in it ends it.
                let span = try #require(attachment["text"]?.string)
                #expect(
                    span.utf8.filter { $0 == UInt8(ascii: "`") }.count == 2 && span.first == "`" && span.last == "`")
            }
        }
    }

    @Test func telegram() throws {
        for notice in Self.notices {
            let body = try body("telegram", notice)
            #expect(Self.fits(body["text"], 4096))
            #expect(body["chat_id"] == -1_001_234_567_890 && body["message_thread_id"] == 42)
        }
        var settings = Samples.settings("telegram")
        settings["chat"] = "@load_tests"
        let message = Telegram().message(for: Self.notices[0], settings: settings)
        #expect(try JSONValue.parse(message.body)["chat_id"] == "@load_tests")
    }

    @Test func zulip() throws {
        for notice in Self.notices {
            let body = try body("zulip", notice)
            #expect(Self.fits(body["content"], 10_000) && Self.fits(body["topic"], 60))
            #expect(body["to"] == "load tests & more" && body["type"] == "stream")
        }
        var settings = Samples.settings("zulip")
        settings["topic"] = "CI"
        let message = Zulip().message(for: Self.notices[2], settings: settings)
        #expect(try BodyReading.value(of: message)["topic"] == "CI")
    }

    /// Zulip takes a number for the ID of a channel.
    @Test(arguments: [("2026", "\"2026\""), ("null", "\"null\""), ("load tests", "load tests"), ("2026-11", "2026-11")])
    func zulipGetsTheNameOfAChannel(_ name: String, _ sent: String) throws {
        var settings = Samples.settings("zulip")
        settings["channel"] = .string(name)
        let message = Zulip().message(for: Self.notices[2], settings: settings)
        #expect(try BodyReading.value(of: message)["to"] == .string(sent))
    }

    /// Zulip refuses a topic that contains one.
    @Test func zulipsTopicHasNoNoncharacters() throws {
        let bytes: [UInt8] = [0xEF, 0xBF, 0xBE] + Array("Check".utf8) + [0xEF, 0xB7, 0x90] + Array("out".utf8)
        let run = Samples.run(.running, name: String(decoding: bytes, as: UTF8.self))
        #expect(try body("zulip", Samples.notice(.testStarted(run)))["topic"] == "Checkout")
    }

    /// Zulip looks for mentions and formulas before it looks for links, behind a slash too.
    @Test func zulipsLinkIsOnlyALink() throws {
        let link = "https://ci.example.org/@**all**/@_**a**/@*team*/#**general**/$$x$$/~~s~~/(a)[b](c)"
        let notice = Samples.notice(.testStarted(Samples.run(.running)), runLink: link)
        let content = try #require(try body("zulip", notice)["content"]?.string)
        let last = try #require(content.split(separator: "\n").last)
        let target = try #require(last.wholeMatch(of: /\[Open run 4711\]\(([^()\[\]*$@~]+)\)/)?.1)
        #expect(String(target).removingPercentEncoding == link)
    }

    /// Clients of Matrix link hosts and rooms that stand in plain HTML.
    @Test func matrixShowsTextByUsersAsCode() throws {
        let name = "www.evil.example evil.example #room:evil.example"
        let run = Samples.run(
            .running, name: name, context: Samples.context(text: name, tags: [name], runURL: "https://a/"))
        let html = try #require(
            try body("matrix", Samples.notice(.testStarted(run)))["formatted_body"]?.string)
        #expect(html.contains("<code>www.evil.example"))
        #expect(!html.replacing(/<code>[^<]*<\/code>/, with: "").contains("evil"))
    }

    @Test func matrix() throws {
        for notice in Self.notices {
            let request = try Samples.request("matrix", notice)
            #expect(request.method == .put && request.body.count <= 65_536)
            #expect(
                request.url == "https://matrix.example.org/_matrix/client/v3/rooms/%21abcdefghijklmnopqr%3Aexample.org"
                    + "/send/m.room.message/\(Samples.deliveryID)")
            #expect(try JSONValue.parse(request.body)["m.mentions"] == [:])
        }
    }

    @Test(arguments: [
        ("telegram", "token", "123:short"), ("telegram", "token", "bot123456789:" + String(repeating: "t", count: 35)),
        ("telegram", "chat", "load_tests"), ("telegram", "chat", "-100 12"), ("telegram", "topic", "0"),
        ("zulip", "email", "bot"), ("zulip", "api_key", "a b"), ("matrix", "access_token", "é"),
        ("matrix", "room", "#alias:example.org"), ("matrix", "room", "room"), ("matrix", "room", "!"),
    ])
    func refuses(_ kind: String, _ key: String, _ text: String) throws {
        let field = try #require(ChannelCatalogue.standard().kind(kind)?.fields.first { $0.key == key })
        #expect(field.rule.error(text)?.isSentence == true)
        let good = Samples.settings(kind).text(key) ?? "42"
        #expect(field.rule.error(good) == nil)
    }

    private func body(_ kind: String, _ notice: Notice) throws -> JSONValue {
        try BodyReading.value(of: Samples.request(kind, notice))
    }

    private static func fits(_ value: JSONValue?, _ limit: Int) -> Bool {
        (1...limit).contains(value?.string?.utf16.count ?? 0)
    }
}
