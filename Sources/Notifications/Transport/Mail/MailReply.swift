/// What became of one recipient of a letter.
package struct MailReply: Equatable, Sendable {
    package let recipient: MailAddress
    /// The relay's last word about this recipient (RFC 5321, section 4.2): 250, 451, 550.
    package let code: Int
    package let text: String

    package init(_ recipient: MailAddress, _ code: Int, _ text: String) {
        self.recipient = recipient
        self.code = code
        self.text = text
    }

    package var isAccepted: Bool { (200..<300).contains(code) }
}

extension MailReply {
    /// Whether those who have not confirmed their address were asked to.
    package enum Asking: Equatable, Sendable {
        /// Only a test asks.
        case nobody
        /// The channel is not saved, so there is no link to confirm with.
        case unsaved
        /// So many; none if all were asked a short while ago.
        case sent(Int)
    }

    /// The code of those who get nothing because they have not confirmed their address (RFC 5321: mailbox name not
    /// allowed).
    static let unconfirmedCode = 553

    private static let acceptedHeader = "accepted"
    private static let unconfirmedHeader = "unconfirmed"
    fileprivate static let askedHeader = "asked"
    fileprivate static let unsavedWord = "unsaved"

    /// How many recipients got the mail, and how many will only get one once they confirm their address.
    struct Count {
        let accepted: Int
        let unconfirmed: Int
        let asking: Asking

        init(_ answer: Answer) {
            let asked = answer.header(askedHeader) ?? ""
            asking = asked.sameBytes(as: unsavedWord) ? .unsaved : Int(asked).map(Asking.sent) ?? .nobody
            accepted = answer.header(acceptedHeader).flatMap { Int($0) } ?? 0
            unconfirmed = answer.header(unconfirmedHeader).flatMap { Int($0) } ?? 0
        }

        var isOfNone: Bool { accepted == 0 }
    }

    /// All replies as one answer: its status is 250 if the mail reached everybody, and otherwise the first refusal's; its
    /// body has a line for each recipient.
    ///
    /// - Parameter replies: To mails, and refusals of requests to confirm.
    package static func answer(
        _ replies: [MailReply], _ unconfirmed: [MailAddress], asking: Asking = .nobody, at time: Timestamp
    ) -> Answer {
        let unconfirmed = unconfirmed.filter { address in !replies.contains { $0.recipient == address } }
        let all = replies + unconfirmed.map { MailReply($0, unconfirmedCode, "has not confirmed the address yet") }
        let accepted = replies.count(where: \.isAccepted)
        // A refusal for good says more than one for now, unless nobody got it: then it is tried again.
        let failed = replies.filter { !$0.isAccepted }
        let temporary = failed.first { $0.code < 500 }
        let first = accepted == 0 ? temporary ?? failed.first : failed.first
        let status = first?.code ?? (accepted > 0 ? 250 : unconfirmedCode)
        let lines = all.map { "\($0.recipient): \($0.code) \($0.text)" }
        return Answer(
            status: status,
            headers: [
                .init(acceptedHeader, String(accepted)), .init(unconfirmedHeader, String(unconfirmed.count)),
            ] + asking.headers, body: Array(lines.joined(separator: "\n").utf8), at: time)
    }
}

extension MailReply.Asking {
    fileprivate var headers: [Answer.Header] {
        switch self {
        case .nobody: []
        case .unsaved: [.init(MailReply.askedHeader, MailReply.unsavedWord)]
        case .sent(let count): [.init(MailReply.askedHeader, String(count))]
        }
    }
}
