/// Writes the letters of one notice.
struct LetterWriter {
    let notice: Notice
    let sender: MailSender
    let consent: MailConsent

    func notification(to recipients: [MailAddress]) -> Letter {
        let stop = consent.path(for: nil)
        let body = MailBody(notice, stopLink: stop.map { sender.publicURL + $0 })
        return letter(
            to: recipients, id: notice.deliveryID.text, subject: subject, body, secret: code(stop),
            more: thread + unsubscribe(stop))
    }

    /// Asks a recipient to confirm. Nil for an unsaved channel, which has no links yet.
    func invitation(to recipient: MailAddress) -> Letter? {
        guard let path = consent.path(for: recipient) else { return nil }
        let body = MailBody(confirming: recipient, link: sender.publicURL + path)
        let id = "\(notice.deliveryID).\(code(path)?.prefix(bytes: 8) ?? "")"
        return letter(
            to: [recipient], id: id, subject: "Please confirm: load test notifications", body, secret: code(path),
            isInvitation: true)
    }

    private func letter(
        to recipients: [MailAddress], id: String, subject: String, _ body: MailBody, secret: String?,
        isInvitation: Bool = false, more: [Letter.Header] = []
    ) -> Letter {
        let headers: [Letter.Header] = [
            .init("From", "Runbell <\(sender.address)>"),
            .init("To", recipients.map(\.text).joined(separator: ",\r\n ")), .init("Subject", subject),
            .init("Date", notice.deliveryID.time.mailText), .init("Message-ID", messageID(id)),
            .init("Auto-Submitted", "auto-generated"),
        ]
        return Letter(
            sender: sender.address, recipients: recipients, headers: headers + more, text: body.text, html: body.html,
            secret: secret, isInvitation: isInvitation, waitsForAll: notice.attempt <= 2)
    }

    private var subject: String {
        guard notice.content.run != nil || notice.content.message != nil else { return notice.content.headline }
        return DisplayText.cut("\(notice.content.headline): \(notice.subject)", to: 200)
    }

    /// Both mails of a run answer the same one, which was never sent: clients show them as one conversation, whether or not
    /// the channel gets starts.
    private var thread: [Letter.Header] {
        guard let run = notice.content.run else { return [] }
        let root = messageID("run.\(run.organizationID).\(run.id)")
        return [.init("In-Reply-To", root), .init("References", root)]
    }

    /// RFC 2369. Not the one click of RFC 8058: several people get the same mail.
    private func unsubscribe(_ path: String?) -> [Letter.Header] {
        path.map { [.init("List-Unsubscribe", "<\(sender.publicURL)\($0)>")] } ?? []
    }

    private func messageID(_ left: String) -> String { "<\(left)@\(sender.address.domain)>" }

    private func code(_ path: String?) -> String? { path?.pieces(between: "/").last.map { String($0) } }
}
