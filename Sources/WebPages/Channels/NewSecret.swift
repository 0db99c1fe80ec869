import Notifications

/// A signing secret that was just made, for the one time when it is shown.
struct NewSecret: Sendable {
    let text: String
    let channelPath: String
    /// Until when the secret before it is valid too; nil for a channel's first.
    let previousUntil: TimeView?

    init(text: String, channel: ChannelID, previousUntil: TimeView?, in page: PageContext) {
        self.text = text
        self.previousUntil = previousUntil
        channelPath = page.path("channels/\(channel)")
    }

    /// Nil when the kind signs nothing, or when the secret is one that was typed.
    init?(madeFor channel: Channel, typed form: ChannelForm, in page: PageContext) {
        guard let field = form.kind.fields.first(where: \.isSigningSecret),
            form.fields.filled("settings.\(field.key)") == nil, let text = channel.settings[field.key]?.string
        else { return nil }
        self.init(text: text, channel: channel.id, previousUntil: nil, in: page)
    }
}

extension Field {
    fileprivate var isSigningSecret: Bool {
        if case .signingSecret = type { true } else { false }
    }
}
