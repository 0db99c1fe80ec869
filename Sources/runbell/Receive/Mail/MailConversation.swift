import Notifications

/// What a sender and the stand-in for a mail relay say to each other (RFC 5321), without the connection: bytes in, steps out.
struct MailConversation: Sendable {
    /// What to do next.
    enum Step: Equatable, Sendable {
        case say(RelayReply)
        /// A mail is complete. Without a reply, nothing is said.
        case keep(ReceivedMail, RelayReply?)
        case hangUp
    }

    private enum Verb: String, CaseIterable {
        case helo, ehlo, mail, rcpt, data, rset, noop, quit
    }

    static let greeting = RelayReply(220, "runbell receive ESMTP")
    private static let mostBytes = 1 << 20
    private static let longestCommand = 2048
    private static let mostRecipients = 100

    /// What to answer instead of success. Without it, a recipient may ask for a failure: `gone@example.org`.
    private let failure: RequestedFailure?
    private var line: [UInt8] = []
    private var sender: String?
    private var recipients: [String] = []
    /// The lines of the mail, while they are sent.
    private var mail: [UInt8]?

    init(failure: RequestedFailure? = nil) {
        self.failure = failure
    }

    mutating func received(_ bytes: some Sequence<UInt8>) -> [Step] {
        var steps: [Step] = []
        for byte in bytes {
            if byte != UInt8(ascii: "\n") {
                if line.count <= Self.mostBytes { line.append(byte) }
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            steps += mail == nil ? command() : text()
            line.removeAll(keepingCapacity: true)
        }
        return steps
    }

    private mutating func command() -> [Step] {
        guard line.count <= Self.longestCommand else { return [.say(RelayReply(500, "5.5.2 the line is too long"))] }
        let text = String(decoding: line, as: UTF8.self)
        let word = text.pieces(between: " ", atMost: 2)[0].uppercased()
        switch Verb.allCases.first(where: { $0.rawValue.uppercased().sameBytes(as: word) }) {
        case .helo: return [.say(start("runbell receive"))]
        case .ehlo: return [.say(start("runbell receive\nSIZE \(Self.mostBytes)\n8BITMIME\nPIPELINING"))]
        case .mail: return [.say(from(text))]
        case .rcpt: return [.say(recipient(text))]
        case .data: return [.say(data())]
        case .rset: return [.say(start("2.0.0 ok"))]
        case .noop: return [.say(RelayReply(250, "2.0.0 ok"))]
        case .quit: return [.say(RelayReply(221, "2.0.0 bye")), .hangUp]
        case nil: return [.say(RelayReply(502, "5.5.1 the command is not implemented"))]
        }
    }

    private mutating func start(_ text: String) -> RelayReply {
        sender = nil
        recipients = []
        return RelayReply(250, text)
    }

    private mutating func from(_ text: String) -> RelayReply {
        guard sender == nil else { return RelayReply(503, "5.5.1 there is a sender already") }
        guard let path = Self.path(text) else { return RelayReply(501, "5.1.7 the sender is no address") }
        let size = text.uppercased().pieces(between: " ").first { $0.startsWithBytes(of: "SIZE=") }
        guard size.flatMap({ Int($0.dropFirst(5)) }) ?? 0 <= Self.mostBytes else { return Self.tooLong }
        sender = path
        return RelayReply(250, "2.1.0 ok")
    }

    private mutating func recipient(_ text: String) -> RelayReply {
        guard sender != nil else { return RelayReply(503, "5.5.1 MAIL comes first") }
        guard let path = Self.path(text), path.pieces(between: "@").count == 2 else {
            return RelayReply(501, "5.1.3 the recipient is no address")
        }
        guard recipients.count < Self.mostRecipients else { return RelayReply(452, "4.5.3 too many recipients") }
        if let refusal = RelayReply.recipient(path, failure ?? Self.failure(askedBy: path)) { return refusal }
        recipients.append(path)
        return RelayReply(250, "2.1.5 ok")
    }

    private mutating func data() -> RelayReply {
        guard !recipients.isEmpty else { return RelayReply(503, "5.5.1 there is no recipient") }
        mail = []
        return RelayReply(354, "the mail, and a line with a dot at its end")
    }

    /// A line of the mail. A dot at its start was added on the way (RFC 5321, section 4.5.2).
    private mutating func text() -> [Step] {
        if line != [UInt8(ascii: ".")] {
            let stuffed = line.first == UInt8(ascii: ".") ? 1 : 0
            if mail?.count ?? 0 <= Self.mostBytes {
                mail? += line.dropFirst(stuffed) + [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
            }
            return []
        }
        let whole = ReceivedMail(sender: sender ?? "", recipients: recipients, bytes: mail ?? [])
        let failure = failure ?? recipients.lazy.compactMap(Self.failure(askedBy:)).first
        let reply = whole.bytes.count > Self.mostBytes ? Self.tooLong : whole.complaint ?? RelayReply.mail(failure)
        mail = nil
        sender = nil
        recipients = []
        return [.keep(whole, reply)]
    }

    private static let tooLong = RelayReply(552, "5.3.4 the mail is longer than \(mostBytes) bytes")

    /// `a@example.org` of `RCPT TO:<a@example.org>`.
    private static func path(_ text: String) -> String? {
        let parts = text.pieces(between: "<", atMost: 2)
        let end = parts.last.map { $0.pieces(between: ">", atMost: 2) } ?? []
        return parts.count == 2 && end.count == 2 ? String(end[0]) : nil
    }

    private static func failure(askedBy address: String) -> RequestedFailure? {
        RequestedFailure(argument: String(address.pieces(between: "@")[0]))
    }
}
