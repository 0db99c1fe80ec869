/// A channel as requested with `POST` or `PUT`, validated.
package struct ChannelDraft: Sendable {
    package var kind: String
    package var name: String
    package var settings: ChannelSettings
    package var subscription: Subscription
    /// Deliveries per minute at most; nil for what the kind's service publishes.
    package var maxPerMinute: Int?
    package var isEnabled: Bool

    package init(
        kind: String, name: String, settings: ChannelSettings, subscription: Subscription = .everything,
        maxPerMinute: Int? = nil, isEnabled: Bool = true
    ) {
        self.kind = kind
        self.name = name
        self.settings = settings
        self.subscription = subscription
        self.maxPerMinute = maxPerMinute
        self.isEnabled = isEnabled
    }
}

extension ChannelDraft {
    /// The allowed values of `max_per_minute`.
    package static let ratesAllowed: ClosedRange<Int64> = 1...6000

    /// Reads `{kind, name, settings, subscription, max_per_minute, enabled}` and checks the settings against the kind's
    /// fields and the egress policy. Throws all errors at once. `saved` is the channel that the draft replaces: a
    /// secret that is missing, or comes back masked, keeps its saved value.
    package init(
        reading value: JSONValue, kinds: ChannelCatalogue, policy: EgressPolicy, replacing saved: Channel? = nil,
        path: String = ""
    ) throws(InvalidInput) {
        var fields = FieldReader(value, path: path)
        let kindID = fields.text("kind", bytes: 64)
        let name = fields.text("name", bytes: 200)
        let subscription = Self.subscription(&fields)
        let maxPerMinute = fields.integer("max_per_minute", .orNull, in: Self.ratesAllowed)
        let isEnabled = fields.bool("enabled", .optional) ?? saved.map { $0.state != .disabled } ?? true
        let kind = kindID.flatMap(kinds.kind)
        if kindID != nil, kind == nil {
            fields.reject("kind", "Must be one of \(kinds.ids.joined(separator: ", ")).")
                as Void?
        }
        if let saved, let kind, kind.id != saved.kind {
            fields.reject("kind", "A channel's kind cannot be changed. Create a new channel instead.") as Void?
        }
        let settings = Self.settings(&fields, kind: kind, policy: policy, saved: saved)
        try fields.finish()
        guard let kind, let name, let settings, let subscription else { throw InvalidInput(fields.errors) }
        self.init(
            kind: kind.id, name: name, settings: settings, subscription: subscription,
            maxPerMinute: maxPerMinute.map(Int.init), isEnabled: isEnabled)
    }

    private static func subscription(_ fields: inout FieldReader) -> Subscription? {
        guard let value = fields.value("subscription"), value != .null else { return .everything }
        do throws(InvalidInput) {
            return try Subscription(reading: value, path: fields.name("subscription"))
        } catch {
            fields.add(error.errors)
            return nil
        }
    }

    private static func settings(
        _ fields: inout FieldReader, kind: (any ChannelKind)?, policy: EgressPolicy, saved: Channel?
    ) -> ChannelSettings? {
        guard let value = fields.value("settings") else { return fields.reject("settings", "This field is required.") }
        guard let kind else { return nil }
        do throws(InvalidInput) {
            let path = fields.name("settings")
            let settings = try ChannelSettings(
                reading: value, fields: kind.fields, policy: policy, saved: saved?.settings, path: path)
            fields.add(kind.errors(in: settings).map { ValidationError("\(path).\($0.field)", $0.message) })
            return settings
        } catch {
            fields.add(error.errors)
            return nil
        }
    }
}
