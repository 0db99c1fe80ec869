import Notifications

/// What a link in a mail is about.
package struct MailLink: Sendable {
    package let organizationName: String
    package let channelName: String
    package let subject: MailConsent.Subject
    /// Whether the address of the link is confirmed; false if the link is for all recipients.
    package let isConfirmed: Bool
}

extension Authenticator {
    /// What a link leads to; nil if it is wrong or old. Changes nothing: programs that look at mails open links too.
    package func mailLink(
        _ code: String, at channel: ChannelID, of organization: OrganizationID
    ) async throws(RepositoryError) -> MailLink? {
        try await context.read(.short, of: organization) { transaction throws(RepositoryError) in
            guard let (channel, subject) = try transaction.recipient(code, at: channel) else { return nil }
            let consent = MailConsent(channel.settings)
            let name = try Organization.get(organization, on: transaction.connection).name
            let isConfirmed = if case .one(let address) = subject { consent.isConfirmed(address) } else { false }
            return MailLink(
                organizationName: name, channelName: channel.name, subject: subject, isConfirmed: isConfirmed)
        }
    }

    /// Confirms the address of a link, or stops mails to it. With a link that all recipients have, mails to `address` can
    /// only be stopped. Returns false if the link is wrong or old, or the address is no recipient's.
    package func decideOnMail(
        _ wantsMail: Bool, by code: String, address: MailAddress?, at channel: ChannelID,
        of organization: OrganizationID
    ) async throws(RepositoryError) -> Bool {
        // Anybody may send such a request: a wrong one does not reach the writer.
        guard try await mailLink(code, at: channel, of: organization) != nil else { return false }
        return try await context.serve(organization) { transaction throws(RepositoryError) in
            guard let (before, subject) = try transaction.recipient(code, at: channel) else { return false }
            let chosen: MailAddress?
            switch subject {
            case .one(let own): chosen = own
            case .somebody: chosen = wantsMail ? nil : address
            }
            guard let chosen, Email.recipients(before.settings).contains(chosen) else { return false }
            guard let settings = MailConsent.settings(before.settings, with: chosen, wantsMail: wantsMail) else {
                return true
            }
            var after = before
            after.settings = settings
            let action = wantsMail ? "channel.recipient_confirmed" : "channel.recipient_stopped"
            let more = JSONObject([.init(key: "recipient", value: .string(chosen.text))])
            _ = try transaction.save(after, replacing: before, action: action, more: more, actor: "recipient")
            // Otherwise the channel would be shown as failing for what has just been done.
            let isAwaited = try transaction.health(of: channel).lastFinding?.awaitsRecipients == true
            if wantsMail, isAwaited { try transaction.forgetHealth(of: channel) }
            return true
        }
    }
}

extension Transaction {
    /// The channel and whom the code is about; nil if it is wrong.
    fileprivate func recipient(
        _ code: String, at channel: ChannelID
    ) throws(RepositoryError) -> (Channel, MailConsent.Subject)? {
        guard let channel = try channelIfThere(channel), channel.isReadable, channel.knownKind is Email,
            let subject = MailConsent(channel.settings).subject(of: code)
        else { return nil }
        return (channel, subject)
    }
}
