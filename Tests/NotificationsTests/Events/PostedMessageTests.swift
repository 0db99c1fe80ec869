import Notifications
import Testing

@Suite struct PostedMessageTests {
    private static func read(_ body: JSONValue) throws -> PostedMessage {
        try PostedMessage(hipChat: body, room: "Build room", organization: OrganizationID(42))
    }

    @Test func readsWhatHipChatTook() throws {
        let message = try Self.read([
            "message": "<b>Build</b> 12 passed", "color": "green", "notify": "true", "from": "Jenkins",
            "message_format": nil, "attach_to": "abc", "card": ["style": "link", "url": "https://ci.example.org/12"],
        ])
        #expect(message.text == "Build 12 passed" && message.html == "<b>Build</b> 12 passed")
        #expect(message.color == .green && message.notify && message.from == "Jenkins")
        #expect(message.room == "Build room" && message.link == "https://ci.example.org/12")
    }

    /// A fact needs a value that people see.
    @Test func whatNobodySeesIsNoFact() throws {
        let message = try PostedMessage(
            hipChat: ["message": "x", "from": "\u{3164}"], room: "Build", organization: OrganizationID(42))
        #expect(EventContent.messagePosted(message).facts.map(\.label) == ["Room"])
    }

    @Test func comesBackAsItWasStored() throws {
        for content in [Samples.message, Samples.textMessage] + Samples.hostileContents.prefix(3) {
            #expect(try EventContent(stored: content.json) == content)
            #expect(content.json == content.documentedJSON)
        }
    }

    @Test func onlyTheIntakeMakesIt() throws {
        #expect(throws: InvalidInput.self) { try EventContent(reading: Samples.message.json) }
        #expect(try EventContent(reading: Samples.message.json, among: EventType.subscribable) == Samples.message)
        var object = try #require(Samples.message.json.object)
        for (key, value) in [("html", "<script>x</script>"), ("link", "javascript:alert(1)")] as [(String, JSONValue)] {
            object[key] = value
            #expect(throws: InvalidInput.self) { try EventContent(stored: .object(object)) }
        }
    }

    @Test(
        arguments: [
            ("Failed: https://ci.example.org/13.", "https://ci.example.org/13"),
            ("(see <http://ci.example.org/a?b=c>)", "http://ci.example.org/a?b=c"),
            ("https://user:secret@ci.example.org/", nil), ("ftp://ci.example.org/", nil), ("no link", nil),
        ] as [(String, String?)])
    func findsTheLinkOfAText(_ text: String, _ link: String?) throws {
        let message = try Self.read(["message": .string(text), "message_format": "text"])
        #expect(message.link == link && message.text == text && message.html == nil)
    }

    @Test func aLinkThatIsNoneIsLeftOut() throws {
        for card in ["javascript:alert(1)", "//x", "https://", .null, 7, []] as [JSONValue] {
            #expect(try Self.read(["message": "a", "card": ["url": card]]).link == nil)
            #expect(try Self.read(["message": "a", "card": card]).link == nil)
        }
        let html = #"<a href="javascript:alert(1)">x</a> <a href="https://ci.example.org/">y</a>"#
        #expect(try Self.read(["message": .string(html)]).html == nil)
    }

    @Test(
        arguments: [
            ("message", nil), ("message", ""), ("message", "  "), ("message", 7),
            ("message", .string(String(repeating: "x", count: 10_001))), ("message_format", "markdown"),
            ("color", "blue"), ("color", "GREEN"), ("notify", "maybe"), ("notify", 1), ("from", 7),
            ("from", .string(String(repeating: "é", count: 65))),
        ] as [(String, JSONValue)])
    func refuses(_ key: String, _ value: JSONValue) {
        var body = JSONObject([.init(key: "message", value: "a")])
        body[key] = value
        let error = #expect(throws: InvalidInput.self) { try Self.read(.object(body)) }
        #expect(error?.errors.map(\.field) == [key])
    }

    @Test func takesTheLongest() throws {
        let body: JSONValue = [
            "message": .string(String(repeating: "é", count: 10_000)),
            "from": .string(String(repeating: "é", count: 64)),
        ]
        let message = try Self.read(body)
        #expect(try EventContent(stored: EventContent.messagePosted(message).json).message == message)
    }

    @Test func textsAreTakenAsTheyAre() throws {
        func read(_ text: String, isHTML: Bool) throws -> PostedMessage {
            try PostedMessage(hipChat: text, isHTML: isHTML, room: "7", organization: OrganizationID(42))
        }
        #expect(try read("Build <12>\r\nfailed\n", isHTML: false).text == "Build <12>\nfailed")
        #expect(try read("<p>Build <i>12</i></p>\n", isHTML: true).text == "Build 12")
        #expect(try read("<img src='https://example.org/x.png'>", isHTML: true).text == "(a message without text)")
    }

    @Test func itsColorSaysHowItWent() throws {
        let severities: [(JSONValue, EventSeverity)] = [
            ("green", .passed), ("red", .scriptError), ("yellow", .stoppedBySystem), ("gray", .information),
            ("purple", .information), ("random", .information), (.null, .information),
        ]
        for (color, severity) in severities {
            #expect(Samples.posted(["message": "a", "color": color]).severity == severity)
        }
    }

    @Test func channelsMaySubscribeToIt() throws {
        let wants = try Subscription(reading: ["events": ["message.posted"], "project_ids": [7], "statuses": [3]])
        #expect(wants.reasonToSkip(Samples.message) { .none } == nil)
        #expect(
            wants.reasonToSkip(.testStarted(Samples.run(.running))) { .none } == .notSubscribed("event"))
        let runs = try Subscription(reading: ["events": ["test.finished"]])
        #expect(runs.reasonToSkip(Samples.message) { .none } == .notSubscribed("event"))
    }

    @Test func pagersAndForgesDeclineIt() {
        let declines = ChannelCatalogue.standard().kinds.compactMap { $0.declines(Samples.message)?.rawValue }
        #expect(declines.sorted() == ["commit", "commit", "outcome", "outcome"])
    }
}
