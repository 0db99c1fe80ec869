import Notifications

/// A newly created signing secret, for the only time that it is shown.
struct NewSecret: Sendable {
    let text: String
    let channelPath: String
    /// Until when the previous secret is valid too; nil for a channel's first secret.
    let previousUntil: TimeView?

    init(text: String, channel: ChannelID, previousUntil: TimeView?, in page: PageContext) {
        self.text = text
        self.previousUntil = previousUntil
        channelPath = page.path("channels/\(channel)")
    }

    /// Nil if the kind does not sign, or if the user typed the secret.
    init?(madeFor channel: Channel, typed form: ChannelForm, in page: PageContext) {
        let field = form.kind.fields.first(where: \.isSigningSecret)
        guard field.flatMap({ form.fields.filled("settings.\($0.key)") }) == nil else { return nil }
        self.init(madeFor: channel, in: page)
    }

    /// Nil if the kind does not sign.
    init?(madeFor channel: Channel, in page: PageContext) {
        guard let field = channel.knownKind?.fields.first(where: \.isSigningSecret),
            let text = channel.settings[field.key]?.string
        else { return nil }
        self.init(text: text, channel: channel.id, previousUntil: nil, in: page)
    }
}

extension Field {
    fileprivate var isSigningSecret: Bool {
        if case .signingSecret = type { true } else { false }
    }
}
