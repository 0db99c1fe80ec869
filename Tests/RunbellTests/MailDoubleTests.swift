import Notifications
import Testing

@testable import runbell

@Suite("The stand-in for a mail relay")
struct MailDoubleTests {
    private static let people = ["a@example.org", "b@example.org"]

    @Test("It takes every mail of the kind, which reads from the replies that it was delivered")
    func takesTheKindsMails() throws {
        let name = String(repeating: "Prüfung 👩‍👩‍👧 . \n.\r\n", count: 40)
        let contents = TestStatus.allCases.map { EventContent.testFinished(Self.run($0, name)) }
        for content in [EventContent.testNotificationChannel] + contents {
            let letter = try Self.letter(content)
            let (mail, verdict) = try Self.send(letter, failure: nil)
            #expect(verdict == .delivered)
            let received = try #require(mail).content
            #expect(try #require(mail).bytes == letter.bytes)
            #expect(received.headers["subject"].map(DisplayText.line) == DisplayText.line(letter.subject))
            #expect(received.text()?.replacingBytes(of: "\r\n", with: "\n") == letter.text)
        }
    }

    @Test("Its errors mean what was asked for", arguments: ForcedFailure.allCases)
    func failsAsAsked(failure: ForcedFailure) throws {
        let (_, verdict) = try Self.send(Self.letter(.testNotificationChannel), failure: .service(failure))
        switch failure {
        case .rateLimited, .broken: #expect(verdict.word == "retry")
        case .gone, .rejected: #expect(verdict.word == "refused")
        }
    }

    @Test("One of several recipients can ask for an error")
    func oneOfSeveral() throws {
        let letter = try Self.letter(.testNotificationChannel, to: Self.people + ["gone@example.org"])
        let (mail, verdict) = try Self.send(letter, failure: nil)
        #expect(mail?.recipients == Self.people)
        guard case .refused(let finding) = verdict else { return #expect(verdict.word == "refused") }
        #expect(finding.code == "email.some_refused")
        #expect(finding.text.utf8.contains("<gone@example.org>: no such user".utf8))
    }

    @Test(
        "What is not in order is refused",
        arguments: [
            (["DATA"], [503]), (["RCPT TO:<a@example.org>"], [503]), (["MAIL FROM:a@example.org"], [501]),
            (["MAIL FROM:<a@b.org> SIZE=99999999"], [552]),
            (["MAIL FROM:<>", "MAIL FROM:<>", "RSET"], [250, 503, 250]),
            (["MAIL FROM:<>", "RCPT TO:<a>"], [250, 501]), (["AUTH PLAIN AA=="], [502]), (["noop"], [250]),
            (["MAIL FROM:<>", "RCPT TO:<a@b>", "DATA", "Subject: x", "", "."], [250, 250, 354, 550]),
            ([String(repeating: "x", count: 3000), "HELO a"], [500, 250]),
        ])
    func order(lines: [String], codes: [Int]) {
        var conversation = MailConversation()
        let steps = conversation.received(Array(lines.map { $0 + "\r\n" }.joined().utf8))
        #expect(steps.compactMap(\.reply).map(\.code) == codes)
    }

    @Test("Nothing is said to a mail when asked to hang, and QUIT ends the conversation")
    func ends() {
        var conversation = MailConversation(failure: .hang)
        let mail = "MAIL FROM:<>\r\nRCPT TO:<a@b.org>\r\nDATA\r\nFrom: a\r\nDate: b\r\n\r\n..x\r\n.\r\n"
        #expect(
            conversation.received(Array(mail.utf8)).last
                == .keep(
                    ReceivedMail(
                        sender: "", recipients: ["a@b.org"], bytes: Array("From: a\r\nDate: b\r\n\r\n.x\r\n".utf8)), nil
                ))
        #expect(conversation.received(Array("QUIT\r\n".utf8)).last == .hangUp)
    }

    @Test(
        "Other programs' mails are readable",
        arguments: [
            ("Content-Transfer-Encoding: quoted-printable\r\n\r\na=C3=A4=\r\nb=", "aäb"), ("\r\nplain", "plain"),
            (
                "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<b>\r\n"
                    + "--x\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x--", "hi"
            ), ("Content-Type: text/html\r\n\r\n<b>", nil), ("Content-Type: multipart/mixed\r\n\r\n", nil),
        ])
    func texts(mail: String, text: String?) {
        #expect(MailPart(Array(mail.utf8)).text() == text)
    }

    @Test(
        "Header fields are decoded",
        arguments: [
            ("=?utf-8?q?=5BFIRING=5D_=C3=A4?=\r\n =?UTF-8?B?w7Y=?= x", "[FIRING] äö x"), ("a  =?b", "a =?b"),
            ("=?utf-8?x?y?=", "=?utf-8?x?y?="),
        ])
    func headers(value: String, shown: String) {
        #expect(MailPart(Array("Subject: \(value)\r\n\r\n".utf8)).headers["subject"] == shown)
    }

    private static func run(_ status: TestStatus, _ name: String) -> LoadTestRun {
        LoadTestRun(
            status: status, userID: UserID(1), name: name, organizationID: OrganizationID(1),
            loadTestID: LoadTestID(7), id: LoadTestRunID(42), projectID: ProjectID(9))
    }

    /// What the kind sends to recipients who have all confirmed their address.
    private static func letter(_ content: EventContent, to recipients: [String] = people) throws -> Letter {
        var settings = ChannelSettings()
        settings["recipients"] = .string(recipients.joined(separator: "\n"))
        settings = MailConsent.completed(settings, at: "1/0198c0de-0000-7000-8000-000000000002", keeping: nil)
        for address in recipients.compactMap({ MailAddress($0) }) {
            settings = try #require(MailConsent.settings(settings, with: address, wantsMail: true))
        }
        let sender = MailSender(
            address: try #require(MailAddress("runbell@example.com")), publicURL: "https://runbell.example.com")
        let notice = Notice(content: content, deliveryID: .least, attempt: 9, at: Timestamp(seconds: 0))
        return try #require(Email(sender: sender).message(for: notice, settings: settings).letters.first)
    }

    /// The mail as it was kept, and what the kind makes of the replies.
    private static func send(_ letter: Letter, failure: RequestedFailure?) throws -> (ReceivedMail?, Verdict) {
        var conversation = MailConversation(failure: failure)
        func say(_ line: String) throws -> RelayReply {
            try #require(conversation.received(Array((line + "\r\n").utf8)).first?.reply)
        }
        #expect(try say("EHLO example.com").code == 250)
        #expect(try say("MAIL FROM:<\(letter.sender)>").code == 250)
        var replies = try letter.recipients.map { ($0, try say("RCPT TO:<\($0)>")) }
        var mail: ReceivedMail?
        if replies.contains(where: { $0.1.code == 250 }) {
            #expect(try say("DATA").code == 354)
            let stuffed = String(decoding: letter.bytes, as: UTF8.self).replacingBytes(of: "\r\n.", with: "\r\n..")
            guard case .keep(let kept, let reply)? = conversation.received(Array((stuffed + ".\r\n").utf8)).last else {
                throw Unkept()
            }
            mail = kept
            replies = try replies.map { ($0.0, $0.1.code == 250 ? try #require(reply) : $0.1) }
        }
        let answer = MailReply.answer(
            replies.map { MailReply($0.0, $0.1.code, $0.1.text) }, [], at: Timestamp(seconds: 0))
        return (mail, Email().verdict(on: answer))
    }

    private struct Unkept: Error {}
}

extension MailConversation.Step {
    fileprivate var reply: RelayReply? {
        switch self {
        case .say(let reply): reply
        case .keep(_, let reply): reply
        case .hangUp: nil
        }
    }
}
