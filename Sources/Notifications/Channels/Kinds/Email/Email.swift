/// Mail through the operator's relay (RFC 5321). Recipients confirm their address once; until then, the request to do so is
/// all that they get.
package struct Email: ChannelKind {
    package let id = "email"
    package let name = "Email"
    package let receiver = "the mail relay"
    package let group = ChannelGroup.mail
    package let asksRecipients = true
    package let summary =
        "Give the addresses, save, and press Test Hook: everybody gets a mail with a link to confirm, and nothing else before."

    package let fields = [
        Field(
            key: "recipients", label: "Recipients", type: .lines(bytes: 4000),
            help: "Up to 20 addresses, one on a line. All of them see each other.", example: "ops@example.org")
    ]

    /// Nil if the operator has configured no relay.
    private let sender: MailSender?

    /// For relays that count; mails are short, and people read them.
    package let rate: SendingRate? = SendingRate(perMinute: 60, burst: 5)

    private static let mostRecipients = 20

    /// - Parameter sender: nil if the operator has configured no relay; then nothing can be saved.
    package init(sender: MailSender? = nil) {
        self.sender = sender
    }

    /// Plain addresses, none twice.
    package func errors(in settings: ChannelSettings) -> [ValidationError] {
        guard sender != nil else {
            return [
                ValidationError(
                    "recipients", "This installation cannot send mail: its operator has set no RUNBELL_SMTP_URL.")
            ]
        }
        let words = Self.words(settings.text("recipients"))
        let wrong = words.filter { MailAddress($0) == nil }.prefix(Self.mostRecipients)
        guard wrong.isEmpty else {
            return wrong.map { word in
                let shown = DisplayText.cut(DisplayText.line(String(word)), to: 100)
                return ValidationError("recipients", "\(shown) is not a plain mail address, such as ops@example.org.")
            }
        }
        let addresses = Self.recipients(settings)
        guard (1...Self.mostRecipients).contains(addresses.count), Set(addresses).count == addresses.count else {
            return [
                ValidationError("recipients", "Give 1 to \(Self.mostRecipients) addresses, each of them once.")
            ]
        }
        return []
    }

    /// The test event also asks those who have not confirmed their address to do so.
    package func message(for notice: Notice, settings: ChannelSettings) -> MailMessage {
        let consent = MailConsent(settings)
        let recipients = Self.recipients(settings)
        let confirmed = recipients.filter(consent.isConfirmed)
        let unconfirmed = recipients.filter { !consent.isConfirmed($0) }
        guard let sender else { return MailMessage(letters: [], unconfirmed: recipients) }
        let writer = LetterWriter(notice: notice, sender: sender, consent: consent)
        var letters = confirmed.isEmpty ? [] : [writer.notification(to: confirmed)]
        guard case .testNotificationChannel = notice.content else {
            return MailMessage(letters: letters, unconfirmed: unconfirmed)
        }
        let invitations = unconfirmed.compactMap(writer.invitation)
        letters += invitations
        let isUnsaved = invitations.isEmpty && !unconfirmed.isEmpty
        return MailMessage(letters: letters, unconfirmed: unconfirmed, asking: isUnsaved ? .unsaved : .sent(0))
    }

    /// With all recipients confirmed.
    package func settled(_ settings: ChannelSettings) -> ChannelSettings {
        Self.recipients(settings).reduce(settings) { settings, address in
            MailConsent.settings(settings, with: address, wantsMail: true) ?? settings
        }
    }

    /// Until all recipients have confirmed their address.
    package func pending(in settings: ChannelSettings) -> String? {
        let consent = MailConsent(settings)
        let waiting = Self.recipients(settings).filter { !consent.isConfirmed($0) }.map(\.text)
        guard !waiting.isEmpty else { return nil }
        let subject = waiting.count == 1 ? "This recipient gets" : "These \(waiting.count) recipients get"
        return "\(subject) no mail before confirming the address: \(waiting.joined(separator: ", ")). "
            + "Test Hook sends each the link to confirm it, once in ten minutes."
    }

    /// By the replies to all recipients, as `MailReply.answer` combines them.
    package func verdict(on answer: Answer) -> Verdict {
        let count = MailReply.Count(answer)
        switch answer.status {
        case 200..<300: return .delivered
        case MailReply.unconfirmedCode where count.isOfNone && count.unconfirmed > 0:
            return .refused(EmailFinding.unconfirmed(count.asking))
        case 400..<500 where count.isOfNone: return .retry(EmailFinding.later(answer), after: nil)
        default: return .refused(EmailFinding.refused(answer, accepted: count.accepted))
        }
    }

    /// The text part of the first letter.
    package func preview(of message: MailMessage) -> MessagePreview? {
        guard let letter = message.letters.first else { return nil }
        return MessagePreview(
            service: name, from: letter.sender.text, text: nil, color: "#5b6776", title: letter.subject,
            body: letter.hiding(letter.text), facts: [], link: nil, linkLabel: nil, footer: nil)
    }

    /// Which recipients confirmed their address.
    package func completed(
        _ settings: ChannelSettings, at place: String?, keeping before: ChannelSettings?
    ) -> ChannelSettings {
        MailConsent.completed(settings, at: place, keeping: before)
    }

    /// The addresses, in their order.
    package static func recipients(_ settings: ChannelSettings) -> [MailAddress] {
        words(settings.text("recipients")).compactMap { MailAddress($0) }
    }

    /// People separate addresses by lines, commas, semicolons and spaces.
    private static func words(_ text: String?) -> [Substring] {
        let separators = Array("\n\t ,;".utf8)
        return (text ?? "").utf8.split { separators.contains($0) }
            .map { Substring(String(decoding: Array($0), as: UTF8.self)) }
    }
}

/// What a relay's answers mean, for people.
enum EmailFinding {
    fileprivate static let unconfirmedCode = "email.unconfirmed"

    static func unconfirmed(_ asking: MailReply.Asking) -> Finding {
        let text =
            switch asking {
            case .nobody:
                "No recipient has confirmed the address yet. Test Hook sends each the link to confirm it, once in ten minutes."
            case .unsaved:
                "Nothing was sent, because the channel is not saved yet. Save it, then press Test Hook: each recipient gets "
                    + "the link to confirm the address."
            case .sent(0):
                "No recipient has confirmed the address yet. Each was sent the link to confirm it less than ten minutes ago, "
                    + "or this organization has asked 100 addresses within an hour."
            case .sent(1):
                "The request to confirm the address was sent to 1 recipient. Notifications follow once it is confirmed."
            case .sent(let count):
                "The request to confirm the address was sent to \(count) recipients. Notifications follow for each who "
                    + "confirms."
            }
        return Finding(unconfirmedCode, text)
    }

    static func later(_ answer: Answer) -> Finding {
        Finding("email.\(answer.status)", "The mail relay cannot take the mail now: \(first(answer)).")
    }

    static func refused(_ answer: Answer, accepted: Int) -> Finding {
        let others = accepted > 0 ? " \(accepted) other\(accepted == 1 ? "" : "s") got the mail." : ""
        let isForNow = answer.status < 500
        let advice = isForNow ? " It is not sent again." : " Correct the address or remove it."
        return Finding(
            accepted > 0 ? "email.some_refused" : "email.\(answer.status)",
            "The mail relay \(isForNow ? "could not take" : "refused") a recipient: \(first(answer)).\(others)"
                + advice)
    }

    /// The first line that is not about success.
    private static func first(_ answer: Answer) -> String {
        let line = answer.text.pieces(between: "\n").first { line in
            let words = line.pieces(between: " ", atMost: 3)
            return words.count > 1 && words[1].utf8.first != UInt8(ascii: "2")
        }
        return DisplayText.cut(DisplayText.line(String(line ?? "")), to: 300)
    }
}

extension Finding {
    /// Nothing is wrong but that nobody has confirmed the address yet.
    package var awaitsRecipients: Bool { code.sameBytes(as: EmailFinding.unconfirmedCode) }
}
