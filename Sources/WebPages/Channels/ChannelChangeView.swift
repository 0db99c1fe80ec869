import Notifications

extension ChangeView {
    /// Changes between two revisions of a channel. Secrets are masked; one that differs but looks the same is marked as
    /// changed.
    static func all(from before: Channel, to after: Channel) -> [ChangeView] {
        let kind = after.knownKind
        var changes = all(from: before.comparable, to: after.comparable)
        for field in kind?.fields ?? [] where field.isSecret && before.settings[field.key] != after.settings[field.key]
        {
            let name = "settings.\(field.key)"
            guard !changes.contains(where: { $0.field.sameBytes(as: name) }) else { continue }
            let text = after.settings.masked(by: kind)[field.key]?.string
            changes.append(ChangeView(name, text, (text ?? "") + " (changed; same last characters)"))
        }
        return changes
    }
}

extension Channel {
    /// The settings that users change, with secrets masked.
    fileprivate var comparable: JSONValue {
        [
            "name": .string(name), "settings": .object(shownSettings),
            "subscription": subscription.json, "state": .string(state.rawValue),
            "max_per_minute": JSONValue(maxPerMinute.map(Int64.init)),
        ]
    }
}

/// Another user saved the channel while this form was being filled in.
struct ConflictView: Sendable {
    /// The currently saved version.
    let version: Int64
    let actor: String
    let at: TimeView
    /// The changes from the saved channel to the form.
    let changes: [ChangeView]
    let isEqual: Bool

    init(saved: Channel, typed: ChannelForm, actor: String) {
        version = saved.version
        self.actor = actor
        at = TimeView(saved.updatedAt)
        changes = ChangeView.all(from: saved.comparable, to: typed.comparable(with: saved))
        isEqual = changes.isEmpty
    }
}

extension ChannelForm {
    /// The form's values for a comparison, with secrets masked.
    fileprivate func comparable(with saved: Channel) -> JSONValue {
        let draft = draft(replacing: saved)
        var settings = JSONObject()
        for field in kind.fields {
            // An unchecked box is the same as no value.
            guard let value = draft["settings"]?[field.key], value != false || saved.settings[field.key] != nil else {
                continue
            }
            let kept = saved.settings[field.key].map { field.masked($0) }
            settings[field.key] = value == kept ? value : field.masked(value)
        }
        // An omitted secret is kept.
        for field in kind.fields where field.isSecret && settings[field.key] == nil {
            settings[field.key] = saved.settings[field.key].map { field.masked($0) }
        }
        return [
            "name": draft["name"] ?? .null, "settings": .object(settings),
            "subscription": draft["subscription"] == .null
                ? Subscription.everything.json : draft["subscription"] ?? .null,
            "state": .string(saved.state.rawValue), "max_per_minute": draft["max_per_minute"] ?? .null,
        ]
    }
}
