import Notifications
import Synchronization

/// A message that is not HTTP, and a kind that uses it: what mail will need, as far as the service can tell. It exists
/// only in the tests, where it shows that nothing between a kind and its transport depends on HTTP.
struct Letter: OutboundMessage {
    let recipient: String
    let code: String
    let text: String
    let post: PostOffice

    var host: String? { recipient.split(separator: "@").last.map(String.init) }

    var redacted: RedactedMessage {
        RedactedMessage(
            transport: "SMTP", envelope: [.init("from", "runbell@example.org"), .init("to", recipient)],
            headers: [.init("X-Code", Masking.tail(of: code))], body: text)
    }

    var secrets: [[UInt8]] { [Array(code.utf8)] }

    func send(by transports: Transports, for payer: OrganizationID?, deadline: Duration) async -> Exchange {
        post.take(self)
    }

    func failure(_ answer: Answer, _ verdict: Verdict) -> ChannelHealth.Failure? {
        switch answer.status {
        case 200..<300: nil
        case 421: .absent
        case 550: .rejected
        default: .failing
        }
    }

    static func == (one: Letter, other: Letter) -> Bool { one.redacted == other.redacted }
}

/// Takes letters and answers each with the next of its codes; the last code repeats.
final class PostOffice: Sendable {
    private let codes: Mutex<[Int]>
    private let letters = Mutex<[Letter]>([])

    init(_ codes: Int...) {
        self.codes = Mutex(codes)
    }

    var taken: [Letter] { letters.withLock { $0 } }

    func take(_ letter: Letter) -> Exchange {
        letters.withLock { $0.append(letter) }
        let code = codes.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        let answer = Answer(status: code, body: Array("said of \(letter.code)".utf8), at: Timestamp(seconds: 0))
        return Exchange(result: .answered(answer), address: "192.0.2.25")
    }
}

struct LetterKind: ChannelKind {
    let setup = SetupGuide("Write to us.", drawing: SetupDrawing("A desk", menu: [], []))
    let id = "letter"
    let name = "Letter"
    let summary = "Give an address that letters go to."
    let fields = [
        Field(key: "recipient", label: "Recipient", type: .text(bytes: 200), help: "Who gets the letters."),
        Field(
            key: "code", label: "Code", type: .text(bytes: 200), isSecret: true, help: "What the post office is told."),
    ]
    let post: PostOffice

    func message(for notice: Notice, settings: ChannelSettings) -> Letter {
        Letter(
            recipient: settings.text("recipient") ?? "", code: settings.text("code") ?? "",
            text: notice.content.headline, post: post)
    }

    func verdict(on answer: Answer) -> Verdict {
        let finding = Finding("letter.\(answer.status)", "The post office answered \(answer.status): \(answer.text).")
        return switch answer.status {
        case 200..<300: .delivered
        case 400..<500: .retry(finding, after: nil)
        default: .refused(finding)
        }
    }
}
