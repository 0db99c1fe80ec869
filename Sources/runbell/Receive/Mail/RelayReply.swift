import Notifications

/// What a mail relay says (RFC 5321, section 4.2; the second code is RFC 3463's).
struct RelayReply: Equatable, Sendable {
    let code: Int
    let text: String

    init(_ code: Int, _ text: String) {
        self.code = code
        self.text = text
    }

    /// On the wire. A reply of several lines has a hyphen behind the code in all but the last.
    var wire: String {
        let lines = text.pieces(between: "\n")
        return lines.enumerated().map { index, line in
            "\(code)\(index == lines.count - 1 ? " " : "-")\(line)\r\n"
        }.joined()
    }
}

extension RelayReply {
    /// What a relay that fails in this way says about a recipient; nil if it takes the recipient.
    static func recipient(_ address: String, _ failure: RequestedFailure?) -> RelayReply? {
        switch failure {
        case .service(.rateLimited): RelayReply(451, "4.7.1 <\(address)>: too many mails, try again later")
        case .service(.gone): RelayReply(550, "5.1.1 <\(address)>: no such user")
        case .service(.rejected), .service(.broken), .hang, nil: nil
        }
    }

    /// What it says about a whole mail; nil if it says nothing at all.
    static func mail(_ failure: RequestedFailure?) -> RelayReply? {
        switch failure {
        case .service(.rejected): RelayReply(554, "5.7.1 the mail is refused")
        case .service(.broken): RelayReply(451, "4.3.0 the relay has a problem")
        case .hang: nil
        case .service(.rateLimited), .service(.gone), nil: RelayReply(250, "2.0.0 kept")
        }
    }
}
