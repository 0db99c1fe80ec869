import Notifications

extension Channel {
    /// The channel's name in the audit log.
    var target: String { "channel:\(id)" }

    /// The channel as shown in the audit log, with secrets masked.
    var shown: JSONValue {
        [
            "kind": .string(kind), "name": .string(name),
            "settings": .object(shownSettings),
            "subscription": subscription.json, "max_per_minute": JSONValue(maxPerMinute.map(Int64.init)),
            "state": .string(state.rawValue), "version": .integer(version),
        ]
    }

    /// Keys of the secret settings that differ; masked, the values may look the same.
    func secretsChanged(since before: Channel) -> [String] {
        let fields = knownKind?.fields ?? []
        return fields.filter { $0.isSecret && settings[$0.key] != before.settings[$0.key] }.map(\.key)
    }
}
