import Notifications

/// The signing secret in a channel's settings. During a rotation the settings also hold the previous secret and the
/// time, in microseconds, until which it still signs.
extension ChannelSettings {
    static let signingSecret = "signing_secret"
    static let previousSigningSecret = WebHook.previousSecretKey
    static let previousSigningSecretUntil = WebHook.previousSecretUntilKey

    /// Adds what the service itself keeps beside the fields: what the kind wants to keep, a new signing secret if the kind
    /// needs one and none is given, and a rotation in progress. `place` is that of a new channel.
    func completed(
        for kind: (any ChannelKind)?, at place: String? = nil, keepingRotationOf before: ChannelSettings? = nil
    ) -> ChannelSettings {
        var settings = kind?.completed(self, at: place, keeping: before) ?? self
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

    /// The settings that identify the receiver, without the signing secrets.
    var unsigned: ChannelSettings { signed(as: ChannelSettings()) }

    /// These settings with the signing secrets of others.
    func signed(as others: ChannelSettings) -> ChannelSettings {
        var settings = self
        for key in [Self.signingSecret, Self.previousSigningSecret, Self.previousSigningSecretUntil] {
            settings[key] = others[key]
        }
        return settings
    }

    mutating func rotate(to secret: SigningSecret, previousUntil: Timestamp) {
        self[Self.previousSigningSecret] = self[Self.signingSecret]
        self[Self.previousSigningSecretUntil] = .integer(previousUntil.microseconds)
        self[Self.signingSecret] = .string(secret.reveal())
    }
}
