import Notifications

extension ChannelDraft {
    /// Its last part is a secret; tests check that it does not appear where it must not.
    package static let webHookURL = "https://hooks.example.com/secret-canary"

    /// A web hook.
    package static func webHook(
        _ name: String = "Hook", url: String = webHookURL, subscription: Subscription = .everything,
        isEnabled: Bool = true
    ) -> ChannelDraft {
        var settings = ChannelSettings()
        settings["url"] = .string(url)
        return ChannelDraft(
            kind: "webhook", name: name, settings: settings, subscription: subscription, isEnabled: isEnabled)
    }
}
