import Foundation
import Notifications
import Testing

@Suite struct EmailTests {
    private static let place = "42/0198c0de-0000-7000-8000-000000000002"

    /// Its links have a fixed key.
    static func settings(_ recipients: String, confirmed: [String]) -> ChannelSettings {
        Samples.settings([
            "recipients": .string(recipients), "consent": .string("\(place)/\(String(repeating: "ab", count: 32))"),
            "confirmed": .array(confirmed.map(JSONValue.string)),
        ])
    }

    static func email() throws -> Email {
        Email(
            sender: MailSender(
                address: try #require(MailAddress("runbell@example.com")), publicURL: "https://runbell.example.com"))
    }

    private static func message(
        _ content: EventContent, _ settings: ChannelSettings, attempt: Int = 1
    ) throws -> MailMessage {
        try email().message(
            for: Samples.notice(content, attempt: attempt, runLink: Samples.runLink), settings: settings)
    }

    private static let two = settings(
        "ops@example.org\nqa@example.org", confirmed: ["ops@example.org", "qa@example.org"])
    private static let started = EventContent.testStarted(Samples.run(.running))
    private static let threshold = EventContent.testFinished(Samples.run(.failedThreshold))

    @Test func onlyWhoConfirmedGetsNotifications() throws {
        let one = Self.settings("ops@example.org, qa@example.org", confirmed: ["qa@example.org"])
        let message = try Self.message(Self.started, one)
        #expect(message.letters.map { $0.recipients.map(\.text) } == [["qa@example.org"]])
        #expect(message.unconfirmed.map(\.text) == ["ops@example.org"])
        #expect(try Self.message(Self.started, Self.settings("ops@example.org", confirmed: [])).letters.isEmpty)
    }

    @Test func theTestHookAsksTheOthersToConfirm() throws {
        let one = Self.settings("ops@example.org qa@example.org", confirmed: ["qa@example.org"])
        let letters = try Self.message(.testNotificationChannel, one).letters
        #expect(letters.map(\.isInvitation) == [false, true])
        #expect(letters[1].recipients.map(\.text) == ["ops@example.org"])
        let ops = try #require(MailAddress("ops@example.org"))
        let path = try #require(MailConsent(one).path(for: ops))
        #expect(letters[1].text.contains("https://runbell.example.com\(path)"))
        #expect(!letters[0].text.contains(path))
    }

    @Test func allAttemptsAreTheSameMail() throws {
        let first = try #require(try Self.message(Self.threshold, Self.two).letters.first)
        let third = try #require(try Self.message(Self.threshold, Self.two, attempt: 3).letters.first)
        #expect(first.bytes == third.bytes && first.waitsForAll && !third.waitsForAll)
    }

    @Test func theMailsOfARunAreOneConversation() throws {
        func thread(_ content: EventContent) throws -> [String] {
            let text = String(
                decoding: try #require(try Self.message(content, Self.two).letters.first).bytes, as: UTF8.self)
            return text.split(separator: "\r\n").map(String.init).filter {
                $0.hasPrefix("In-Reply-To:") || $0.hasPrefix("References:")
            }
        }
        #expect(try thread(Self.started) == thread(Self.threshold))
        #expect(try thread(Self.started).first == "In-Reply-To: <run.42.4711@example.com>")
    }

    @Test(arguments: ChannelKindContract.contents.indices)
    func noTextLeavesItsPlace(_ index: Int) throws {
        let letter = try #require(try Self.message(ChannelKindContract.contents[index], Self.two).letters.first)
        let text = String(decoding: letter.bytes, as: UTF8.self)
        let lines = text.components(separatedBy: "\r\n")
        #expect(
            lines.allSatisfy { line in line.utf8.count <= 200 && line.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
        let head = lines.prefix { !$0.isEmpty }.filter { !$0.hasPrefix(" ") }.map { String($0.prefix { $0 != ":" }) }
        let known: Set = [
            "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "In-Reply-To", "References",
            "List-Unsubscribe", "MIME-Version", "Content-Type",
        ]
        #expect(Set(head).isSubset(of: known) && Set(head).count == head.count)
        #expect(letter.bytes.count <= 64 * 1024)
    }

    /// Mail programs link whatever begins like an address.
    @Test func textByUsersHasNoLinks() throws {
        let text = "see https://evil.example/a or http://evil.example"
        let context = Samples.context(text: text, tags: [text], runURL: "https://ci.example.org/8")
        let content = EventContent.testFinished(Samples.run(.finished, name: text, context: context))
        let letter = try #require(try Self.message(content, Self.two).letters.first)
        for part in [letter.text, letter.html] {
            #expect(part.contains("evil.example") && !part.contains("://evil.example"))
            #expect(part.contains("https://ci.example.org/8"))
        }
    }

    /// Mail programs would decode it.
    @Test func aNameThatLooksEncodedIsEncoded() throws {
        let run = Samples.run(.finished, name: "=?utf-8?B?ZXZpbA==?=")
        let letter = try #require(try Self.message(.testFinished(run), Self.two).letters.first)
        let mail = String(decoding: letter.bytes, as: UTF8.self)
        let subject = try #require(mail.firstMatch(of: /\r\nSubject: ([^:]*)\r\n/))
        #expect(!subject.output.1.contains("ZXZpbA==") && letter.subject.contains("ZXZpbA=="))
    }

    /// The others have got it, so nobody is asked to correct an address that is fine.
    @Test func oneWhoHasToWaitIsNotCalledWrong() throws {
        let recipients = try ["ops@example.org", "qa@example.org"].map { try #require(MailAddress($0)) }
        let replies = [MailReply(recipients[0], 250, "ok"), MailReply(recipients[1], 451, "later")]
        let text = try Self.email().verdict(on: MailReply.answer(replies, [], at: Samples.at)).finding?.text
        #expect(
            text == "The mail relay could not take a recipient: qa@example.org: 451 later. 1 other got the mail. "
                + "It is not sent again.")
    }

    @Test func theDateIsOfTheEvent() throws {
        let text = String(
            decoding: try #require(try Self.message(Self.started, Self.two).letters.first).bytes, as: UTF8.self)
        #expect(text.contains("\r\nDate: Tue, 19 Aug 2025 05:47:11 +0000\r\n"))
    }

    @Test func nobodyElseSeesTheLink() throws {
        let message = try Self.message(Self.started, Self.two)
        let path = try #require(MailConsent(Self.two).path(for: nil))
        let code = String(path.suffix(64))
        #expect(message.letters[0].text.contains(code) && !"\(message.redacted)".contains(code))
        let settings = "\(Self.two.masked(by: try Self.email()))"
        #expect(!settings.contains("abab") && !settings.contains("consent"))
    }

    @Test(
        arguments: [
            (["250 ok", "250 ok"], "delivered", nil), (["250 ok", "550 unknown"], "refused", "email.some_refused"),
            (["451 later", "451 later"], "retry", "email.451"), (["550 unknown", "451 later"], "retry", "email.451"),
            (["550 unknown", "550 unknown"], "refused", "email.550"),
            (["250 ok", "451 later"], "refused", "email.some_refused"),
            (["554 spam", "554 spam"], "refused", "email.554"),
        ] as [([String], String, String?)])
    func verdicts(_ replies: [String], _ word: String, _ code: String?) throws {
        let recipients = try ["ops@example.org", "qa@example.org"].map { try #require(MailAddress($0)) }
        let given = zip(recipients, replies).map { MailReply($0, Int($1.prefix(3)) ?? 0, String($1.dropFirst(4))) }
        let answer = MailReply.answer(given, [], at: Samples.at)
        let verdict = try Self.email().verdict(on: answer)
        #expect(verdict.word == word && verdict.finding?.code == code)
        #expect(verdict.finding.map(\.text.isSentence) ?? true)
        #expect(answer.text == zip(recipients, replies).map { "\($0): \($1)" }.joined(separator: "\n"))
        let failure = try Self.message(Self.started, Self.two).failure(answer, verdict)
        #expect(
            failure
                == (word == "delivered" ? nil : word == "retry" ? .failing : code == "email.550" ? .rejected : .unfit))
    }

    @Test(
        arguments: [
            (.nobody, "Test Hook sends each the link"), (.unsaved, "Nothing was sent"), (.sent(0), "ten minutes ago"),
            (.sent(1), "was sent to 1 recipient."), (.sent(3), "was sent to 3 recipients."),
        ] as [(MailReply.Asking, String)])
    func aTestSaysWhetherRecipientsWereAsked(_ asking: MailReply.Asking, _ words: String) throws {
        let ops = try #require(MailAddress("ops@example.org"))
        let finding = try Self.email().verdict(on: MailReply.answer([], [ops], asking: asking, at: Samples.at)).finding
        #expect(finding?.code == "email.unconfirmed" && finding?.awaitsRecipients == true)
        #expect(finding?.text.contains(words) == true && finding?.text.isSentence == true)
    }

    @Test func aRefusedRequestToConfirmIsARefusal() throws {
        let ops = try #require(MailAddress("ops@example.org"))
        let answer = MailReply.answer([MailReply(ops, 550, "no such user")], [ops], asking: .sent(0), at: Samples.at)
        #expect(answer.text == "ops@example.org: 550 no such user")
        #expect(try Self.email().verdict(on: answer).finding?.code == "email.550")
    }

    @Test func anUnsavedChannelAsksNobody() throws {
        let draft = Samples.settings(["recipients": "ops@example.org"])
        let message = try Self.message(.testNotificationChannel, draft)
        #expect(message.letters.isEmpty && message.asking == .unsaved)
        let saved = Self.settings("ops@example.org", confirmed: [])
        #expect(try Self.message(.testNotificationChannel, saved).asking == .sent(0))
        #expect(try Self.message(Self.started, saved).asking == .nobody)
    }

    @Test(arguments: [[], ["ops@example.org"]])
    func thePreviewIsTheMailAsItWillBeOnceConfirmed(_ confirmed: [String]) throws {
        let settings = Self.settings("ops@example.org qa@example.org", confirmed: confirmed)
        let shown = try Self.email().shownMessage(for: Samples.notice(Self.threshold), settings: settings)
        #expect(shown.preview?.title.contains("failed a threshold") == true)
        #expect(shown.wire.envelope.contains { $0.value.contains("ops@example.org, qa@example.org") })
        let draft = Samples.settings(["recipients": "ops@example.org"])
        #expect(try Self.email().shownMessage(for: Samples.notice(Self.threshold), settings: draft).preview != nil)
    }

    @Test func withoutAConfirmedRecipientNothingIsSentAndThatIsSaid() async throws {
        let message = try Self.message(Self.started, Self.settings("ops@example.org", confirmed: []))
        let exchange = await message.send(by: Transports(http: NoTransport()), for: nil, deadline: .seconds(1))
        let reading = try Self.email().reading(
            of: exchange, on: message, for: Samples.notice(Self.started), settings: ChannelSettings())
        #expect(reading.verdict.finding?.code == "email.unconfirmed" && reading.failure == .unfit)
    }

    @Test(arguments: ["ops@example.org", "a.b+c@sub.example.org", "O'Brien@example.org"])
    func addresses(_ text: String) { #expect(MailAddress(text) != nil) }

    @Test(arguments: [
        "", "ops", "@example.org", "ops@", "a@b@c.org", ".a@example.org", "a..b@example.org", "\"a b\"@example.org",
        "ops@[127.0.0.1]", "ops@127.0.0.1", "ö@example.org", "ops@exämple.org", "a\r\nBcc: b@example.org",
        "<ops@example.org>", "ops@example.org.", "a b@example.org",
    ])
    func noAddresses(_ text: String) { #expect(MailAddress(text) == nil) }

    @Test func settingsAreChecked() throws {
        func errors(_ text: String) throws -> [String] {
            try Self.email().errors(in: Samples.settings(["recipients": .string(text)])).map(\.message)
        }
        #expect(try errors("a@example.org, b@example.org;c@example.org\nd@example.org").isEmpty)
        #expect(try errors("a@example.org a@EXAMPLE.org").count == 1)
        #expect(try errors((0...20).map { "a\($0)@example.org" }.joined(separator: "\n")).count == 1)
        #expect(try errors("nobody").first?.contains("nobody") == true)
        #expect(try errors("nobody ops@example.org @example.org").count == 2)
        #expect(Email().errors(in: Self.two).first?.message.contains("RUNBELL_SMTP_URL") == true)
    }

    @Test func consentIsKeptForThoseWhoStay() throws {
        let (ops, qa) = (try #require(MailAddress("ops@example.org")), try #require(MailAddress("qa@example.org")))
        let new = MailConsent.completed(
            Samples.settings(["recipients": "ops@example.org"]), at: Self.place, keeping: nil)
        #expect(!MailConsent(new).isConfirmed(ops))
        let agreed = try #require(MailConsent.settings(new, with: ops, wantsMail: true))
        #expect(MailConsent(agreed).isConfirmed(ops) && MailConsent.settings(agreed, with: ops, wantsMail: true) == nil)
        #expect(MailConsent.settings(agreed, with: qa, wantsMail: true) == nil)
        let both = MailConsent.completed(
            Samples.settings(["recipients": "qa@example.org\nops@example.org"]), at: nil, keeping: agreed)
        #expect(MailConsent(both).isConfirmed(ops) && !MailConsent(both).isConfirmed(qa))
        #expect(MailConsent(both).path(for: qa) == MailConsent(agreed).path(for: qa))
        let gone = MailConsent.completed(Samples.settings(["recipients": "qa@example.org"]), at: nil, keeping: both)
        let back = MailConsent.completed(Samples.settings(["recipients": "ops@example.org"]), at: nil, keeping: gone)
        #expect(!MailConsent(back).isConfirmed(ops))
        let code = try #require(MailConsent(both).path(for: ops)).suffix(64)
        #expect(MailConsent(both).subject(of: String(code)) == .one(ops))
        #expect(MailConsent(gone).subject(of: String(code)) == nil)
        #expect(MailConsent(both).subject(of: String(repeating: "0", count: 64)) == nil)
    }

    @Test(arguments: GoldenFiles.events.indices)
    func mailIsAsReviewed(_ index: Int) throws {
        let event = GoldenFiles.events[index]
        let message = try Self.email().message(
            for: Samples.notice(event.content, runLink: event.link), settings: Self.two)
        let letter = try #require(message.letters.first)
        let head = String(decoding: letter.bytes, as: UTF8.self).components(separatedBy: "\r\n\r\n")[0]
        let text = head.replacing("\r\n", with: "\n") + "\n\n" + letter.text
        try GoldenFiles.compare(Data(text.utf8), with: "email-\(event.name).txt")
    }
}

/// Sends nothing.
private struct NoTransport: HTTPTransport {
    func send(_ request: HTTPMessage, for payer: OrganizationID?, deadline: Duration) async -> Exchange {
        Exchange(result: .failed(.disconnected))
    }
}
