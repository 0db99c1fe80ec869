import Notifications
import Testing

@testable import OutboundMail

@Suite struct DialogueTests {
    private static let settings: ChannelSettings = {
        var settings = ChannelSettings()
        settings["recipients"] = "a@example.org\nb@example.org\nc@example.org"
        var complete = MailConsent.completed(settings, at: "1/0198c0de-0000-7000-8000-000000000002", keeping: nil)
        for address in ["a@example.org", "b@example.org", "c@example.org"].compactMap({ MailAddress($0) }) {
            complete = MailConsent.settings(complete, with: address, wantsMail: true) ?? complete
        }
        return complete
    }()

    private static func letter(attempt: Int = 1) throws -> Letter {
        let sender = MailSender(
            address: try #require(MailAddress("runbell@example.com")), publicURL: "https://runbell.example.com")
        let notice = Notice(
            content: .testNotificationChannel, deliveryID: .least, attempt: attempt, at: Timestamp(seconds: 0))
        return try #require(Email(sender: sender).message(for: notice, settings: settings).letters.first)
    }

    private static func dialogue(_ lines: [String], attempt: Int = 1) throws -> Dialogue {
        var dialogue = Dialogue(try letter(attempt: attempt))
        for line in lines {
            if line.hasPrefix("> ") {
                dialogue.sent(String(line.dropFirst(2)))
            } else if line == "." {
                dialogue.completed()
            } else {
                dialogue.received(line)
            }
        }
        return dialogue
    }

    private static func codes(_ dialogue: Dialogue) -> [Int]? { dialogue.outcome?.map(\.code) }

    private static func recipients(_ replies: String...) -> [String] {
        ["220 hello", "> EHLO x", "250-x", "250 OK", "> MAIL FROM:<runbell@example.com>", "250 OK"]
            + replies.flatMap { ["> RCPT TO:<x>", $0] }
    }

    @Test func allGetIt() throws {
        let lines = Self.recipients("250 a", "250 b", "250 c") + ["> DATA", "354 go", ".", "250 2.0.0 kept"]
        #expect(Self.codes(try Self.dialogue(lines)) == [250, 250, 250])
    }

    @Test func oneOfThreeIsUnknown() throws {
        let dialogue = try Self.dialogue(
            Self.recipients("250 a", "550 no such user", "250 c") + ["> DATA", "354 go", ".", "250 kept"])
        #expect(Self.codes(dialogue) == [250, 550, 250])
        #expect(dialogue.outcome?[1].text == "no such user")
    }

    /// Relays put the reason into any line of a reply, often the first.
    @Test func aReplyOfSeveralLinesIsReadAsAWhole() throws {
        var lines = Self.recipients("250 a", "550-5.1.1 The account does not exist.")
        lines += ["550-5.1.1 Check the address.", "550 5.1.1 https://relay.example/help", "> RCPT TO:<x>", "250 c"]
        let dialogue = try Self.dialogue(lines + ["> DATA", "354 go", ".", "250 kept"])
        #expect(Self.codes(dialogue) == [250, 550, 250])
        #expect(
            dialogue.outcome?[1].text
                == "5.1.1 The account does not exist. 5.1.1 Check the address. 5.1.1 https://relay.example/help")
        let endless = Self.recipients("550 a") + ["> RCPT TO:<x>"] + Array(repeating: "550-x", count: 1000) + ["550 y"]
        #expect(try Self.dialogue(endless + ["> RCPT TO:<x>", "550 no"]).outcome?[1].text == "x x x x x x x x")
    }

    @Test func nobodyGetsItWhileOneHasToWait() throws {
        let lines = Self.recipients("250 a", "451 later", "250 c") + ["> DATA", "354 go"]
        for attempt in 1...2 {
            let dialogue = try Self.dialogue(lines, attempt: attempt)
            #expect(dialogue.holdsBack && Self.codes(dialogue) == [450, 451, 450])
        }
        let third = try Self.dialogue(lines + [".", "250 kept"], attempt: 3)
        #expect(!third.holdsBack && Self.codes(third) == [250, 451, 250])
    }

    @Test func theMailItselfIsRefused() throws {
        let taken = Self.recipients("250 a", "250 b", "250 c")
        #expect(Self.codes(try Self.dialogue(taken + ["> DATA", "354 go", ".", "554 spam"])) == [554, 554, 554])
        #expect(Self.codes(try Self.dialogue(taken + ["> DATA", "451 busy"])) == [451, 451, 451])
        #expect(Self.codes(try Self.dialogue(Self.recipients("550 a", "551 b", "450 c"))) == [550, 551, 450])
    }

    @Test func withoutAnAnswerNothingIsKnown() throws {
        let taken = Self.recipients("250 a", "250 b", "250 c")
        let unanswered = try Self.dialogue(taken + ["> DATA", "354 go", "."])
        #expect(unanswered.outcome == nil && unanswered.isComplete)
        let cut = try Self.dialogue(taken)
        #expect(cut.outcome == nil && !cut.isComplete)
        #expect(try Self.dialogue(["220 hello", "> EHLO x", "250 OK", "> AUTH PLAIN", "535 no"]).outcome == nil)
    }

    @Test func aRefusedSenderIsTheOperators() throws {
        let dialogue = try Self.dialogue(["> MAIL FROM:<runbell@example.com>", "550 not you"])
        #expect(dialogue.refusedSender?.code == 550)
    }

    private func address(_ text: String) throws -> MailAddress { try #require(MailAddress(text)) }

    /// However the address is spelled, and whoever enters it.
    @Test func nobodyIsAskedTwiceInTenMinutes() throws {
        var invitations = Invitations()
        let start = Timestamp(seconds: 0)
        let answers = try [
            ("a@example.org", 0), ("b@example.org", 0), ("A@example.org", 1), ("a@example.org", 599),
            ("a@EXAMPLE.org", 600),
        ].enumerated().map { number, asked in
            invitations.mayAsk(
                [try address(asked.0)], for: OrganizationID(Int64(number)), at: start + .seconds(asked.1))
        }
        #expect(answers == [true, true, false, false, true])
    }

    @Test func anOrganizationAsksAHundredAnHourAndStopsNobodyElse() throws {
        var invitations = Invitations()
        let start = Timestamp(seconds: 0)
        let asked = try (0..<20_000).count { number in
            let flooder = OrganizationID(Int64(number % 190))
            return invitations.mayAsk([try address("v\(number)@example.org")], for: flooder, at: start)
        }
        #expect(asked == 190 * Invitations.mostOfOrganization)
        let next = OrganizationID(1000)
        #expect(invitations.mayAsk([try address("ops@example.org")], for: next, at: start))
        let first = OrganizationID(0)
        for (seconds, mayAsk) in [(3599, false), (3600, true)] {
            let at = start + .seconds(seconds)
            #expect(invitations.mayAsk([try address("w@example.org")], for: first, at: at) == mayAsk)
        }
    }

    @Test(arguments: [
        ("smtp://mail.example.org", true), ("smtps://u:p@mail.example.org:465", true), ("smtp://127.0.0.1:2525", false),
        ("smtp://u:p@127.0.0.1:2525", true), ("smtp://[::1]:25", false),
    ])
    func relays(_ url: String, _ needsTLS: Bool) throws { #expect(try MailRelay(url: url).needsTLS == needsTLS) }

    @Test(arguments: [
        "http://x", "smtp://", "smtp://u@x", "smtp://x/path", "smtp://x?a=b", "mail.example.org", "smtp://x:0",
    ])
    func noRelays(_ url: String) {
        let error = #expect(throws: InvalidInput.self) { try MailRelay(url: url) }
        #expect("\(String(describing: error))".contains("smtp://HOST"))
    }
}
