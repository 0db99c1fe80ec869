import Notifications

/// The signing secret in a channel's settings. During a rotation the settings also hold the one before and the moment,
/// in microseconds, until which it still signs.
extension ChannelSettings {
    static let signingSecret = "signing_secret"
    static let previousSigningSecret = WebHook.previousSecretKey
    static let previousSigningSecretUntil = WebHook.previousSecretUntilKey

    /// With a signing secret made, when the kind has one and none is given; and with a rotation that was under way.
    func completed(for kind: (any ChannelKind)?, keepingRotationOf before: ChannelSettings? = nil) -> ChannelSettings {
        var settings = self
        let signs = kind?.fields.contains { $0.key == Self.signingSecret } ?? false
        if signs, settings[Self.signingSecret] == nil {
            settings[Self.signingSecret] = .string(SigningSecret().reveal())
        }
        if let before, before[Self.signingSecret] == settings[Self.signingSecret] {
            settings[Self.previousSigningSecret] = before[Self.previousSigningSecret]
            settings[Self.previousSigningSecretUntil] = before[Self.previousSigningSecretUntil]
        }
        return settings
    }

    /// What says where to send to and as whom, without what requests are signed with.
    var unsigned: ChannelSettings {
        var settings = self
        for key in [Self.signingSecret, Self.previousSigningSecret, Self.previousSigningSecretUntil] {
            settings[key] = nil
        }
        return settings
    }

    mutating func rotate(to secret: SigningSecret, previousUntil: Timestamp) {
        self[Self.previousSigningSecret] = self[Self.signingSecret]
        self[Self.previousSigningSecretUntil] = .integer(previousUntil.microseconds)
        self[Self.signingSecret] = .string(secret.reveal())
    }
}
