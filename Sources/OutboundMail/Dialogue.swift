import Notifications

/// What was said between us and the relay about one letter, as far as it matters. It is fed with the lines that libcurl
/// sends and receives, and then tells what became of each recipient.
struct Dialogue: Sendable {
    /// A relay's reply: 250 and the text behind it.
    struct Reply: Equatable, Sendable {
        let code: Int
        let text: String
    }

    /// The command that the next reply belongs to.
    private enum Command: Equatable {
        case other
        case from
        case recipient(Int)
        case data
    }

    /// More lines of a reply are left out.
    private static let mostLines = 8

    private let recipients: [MailAddress]
    private let waitsForAll: Bool
    private var command = Command.other
    private var asked = 0
    /// The lines of a reply whose last one has not come yet.
    private var lines: [String] = []
    private var from: Reply?
    private var replies: [Int: Reply] = [:]
    /// To DATA, and to the mail itself.
    private var toData: Reply?
    private var toMail: Reply?
    /// Whether the whole mail was handed over: from then on it may have arrived.
    private(set) var isComplete = false

    init(_ letter: Letter) {
        recipients = letter.recipients
        waitsForAll = letter.waitsForAll
    }

    mutating func sent(_ line: String) {
        let start = line.prefix(bytes: 10).uppercased()
        if start.startsWithBytes(of: "MAIL FROM:") {
            command = .from
        } else if start.startsWithBytes(of: "RCPT TO:") {
            command = .recipient(asked)
            asked += 1
        } else if start.startsWithBytes(of: "DATA") {
            command = .data
        } else {
            command = .other
        }
    }

    mutating func received(_ line: String) {
        let bytes = Array(line.utf8)
        guard bytes.count >= 3, let code = Int(line.prefix(bytes: 3)) else { return }
        if lines.count < Self.mostLines {
            lines.append(DisplayText.line(String(decoding: bytes.dropFirst(4).filter { $0 >= 0x20 }, as: UTF8.self)))
        }
        // A reply of several lines has a hyphen behind the code in all but the last; what matters may stand in any.
        guard bytes.count == 3 || bytes[3] != UInt8(ascii: "-") else { return }
        let reply = Reply(code: code, text: DisplayText.cut(lines.joined(separator: " "), to: 300))
        lines = []
        switch command {
        case .from: from = reply
        case .recipient(let index): replies[index] = reply
        case .data: if toData == nil { toData = reply } else { toMail = reply }
        case .other: break
        }
    }

    mutating func completed() { isComplete = true }

    /// Whether the mail must not be sent now, asked after the recipients have been.
    var holdsBack: Bool {
        let codes = recipients.indices.map { replies[$0]?.code ?? 0 }
        return waitsForAll && codes.contains { (400..<500).contains($0) } && codes.contains { (200..<300).contains($0) }
    }

    /// What became of each recipient; nil if the relay did not say.
    var outcome: [MailReply]? {
        if let from, from.code >= 400 { return all(from) }
        if asked == 0 { return nil }
        if let toMail { return final(toMail) }
        if let toData, toData.code >= 400 { return final(toData) }
        if holdsBack { return final(Reply(code: 450, text: "waits until the relay takes the other recipients")) }
        let isRefusedByAll = recipients.indices.allSatisfy { replies[$0].map { $0.code >= 400 } ?? false }
        return isRefusedByAll ? final(Reply(code: 450, text: "")) : nil
    }

    /// Whether the relay refused the sender, which is the operator's to correct.
    var refusedSender: Reply? { from.flatMap { $0.code >= 500 ? $0 : nil } }

    private func all(_ reply: Reply) -> [MailReply] {
        recipients.map { MailReply($0, reply.code, reply.text) }
    }

    /// `reply` is for those whom the relay took.
    private func final(_ reply: Reply) -> [MailReply] {
        recipients.indices.map { index in
            let own = replies[index].flatMap { $0.code >= 400 ? $0 : nil } ?? reply
            return MailReply(recipients[index], own.code, own.text)
        }
    }
}
