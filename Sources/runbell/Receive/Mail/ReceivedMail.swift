/// A mail as a relay got it: the envelope, and what was sent under it.
struct ReceivedMail: Equatable, Sendable {
    let sender: String
    let recipients: [String]
    let bytes: [UInt8]
}

extension ReceivedMail {
    /// Its headers and text.
    var content: MailPart { MailPart(bytes) }

    /// What a relay says to a mail that is none (RFC 5322, section 3.6); nil if it is one.
    var complaint: RelayReply? {
        let headers = content.headers
        let missing = ["From", "Date"].filter { headers[$0.lowercased()] == nil }
        return missing.isEmpty ? nil : RelayReply(550, "5.6.0 the mail has no \(missing.joined(separator: " and no "))")
    }
}
