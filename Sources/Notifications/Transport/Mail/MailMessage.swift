/// What one notification sends by mail: usually one letter to all recipients who confirmed their address.
package struct MailMessage: OutboundMessage {
    package let letters: [Letter]
    /// Recipients who get nothing, because they have not confirmed their address.
    package let unconfirmed: [MailAddress]
    /// Whether the letters ask them to.
    package let asking: MailReply.Asking

    package init(letters: [Letter], unconfirmed: [MailAddress], asking: MailReply.Asking = .nobody) {
        self.letters = letters
        self.unconfirmed = unconfirmed
        self.asking = asking
    }

    package var host: String? { (letters.first?.recipients ?? unconfirmed).first?.domain }

    package var redacted: RedactedMessage {
        let letter = letters.first
        return RedactedMessage(
            transport: "SMTP",
            envelope: [
                .init("from", letter?.sender.text ?? ""),
                .init("to", (letter?.recipients ?? []).map(\.text).joined(separator: ", ")),
            ],
            headers: letter.map { letter in letter.headers.map { .init($0.name, letter.hiding($0.value)) } } ?? [],
            body: letter.map { $0.hiding($0.text) } ?? "")
    }

    package var secrets: [[UInt8]] { letters.compactMap { $0.secret.map { Array($0.utf8) } } }

    /// Sends nothing if nobody may get it.
    package func send(
        by transports: Transports, for payer: OrganizationID?, deadline: Duration
    ) async -> Exchange {
        guard !letters.isEmpty else {
            return Exchange(result: .answered(MailReply.answer([], unconfirmed, asking: asking, at: .zero)))
        }
        guard let mail = transports.mail else { return Exchange(result: .failed(.noMailRelay)) }
        return await mail.send(self, for: payer, deadline: deadline)
    }

    /// That all recipients are unknown says something about the channel; that one is, only about that one.
    package func failure(_ answer: Answer, _ verdict: Verdict) -> ChannelHealth.Failure? {
        switch verdict {
        case .delivered, .postponed: nil
        case .retry: .failing
        case .refused, .gone:
            [550, 551, 553].contains(answer.status) && MailReply.Count(answer).isOfNone && unconfirmed.isEmpty
                ? .rejected : .unfit
        }
    }
}

/// Sends mails through the operator's relay. Never throws: failing to send is a result.
package protocol MailTransport: Sendable {
    /// Sends the letters one after the other, and ends by `deadline`. Requests to confirm an address are limited for each
    /// `payer`; nil is the installation itself.
    func send(_ message: MailMessage, for payer: OrganizationID?, deadline: Duration) async -> Exchange
}

extension TransportFailure {
    /// Nothing was configured to send mails with.
    package static let noMailRelay = TransportFailure.local(
        .settings, "This installation has no mail relay (RUNBELL_SMTP_URL).")
}

extension Timestamp {
    fileprivate static let zero = Timestamp(microseconds: 0)
}
