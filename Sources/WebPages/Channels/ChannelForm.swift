import Notifications
import WebServing

/// A submitted channel form. It is built entirely from the kind's declared fields, and becomes the same draft that the
/// API takes, so the same rules check both.
struct ChannelForm: Sendable {
    let kind: any ChannelKind
    let fields: FormBody

    /// - Parameter kinds: the kinds that the form can select.
    init(_ fields: FormBody, kinds: ChannelCatalogue) throws(Problem) {
        guard let kind = fields.text("kind").flatMap(kinds.kind) else {
            throw .badRequest("The form names no kind of channel.")
        }
        self.kind = kind
        self.fields = fields
    }

    /// The version that the form is based on.
    var version: Int64? { fields.number("version") }

    /// The saved channel that the form changes, if any.
    var channelID: ChannelID? { fields.text("channel").flatMap { ChannelID($0) } }

    /// What tells this form from others that create a channel.
    var token: RandomToken? { fields.text("creation").flatMap { RandomToken($0) } }

    /// Whether it is the form of a channel's own page, not that of a card.
    var isOfPage: Bool { fields.says(ChannelFormOrigin.page.rawValue, in: "origin") }

    /// Whether the form includes the subscription; if not, it stays as it is.
    var hasSubscription: Bool { fields.has("subscription") }

    /// `{kind, name, settings, subscription, enabled}`.
    func draft(replacing saved: Channel? = nil) -> JSONValue {
        var draft = JSONObject()
        draft["kind"] = .string(kind.id)
        draft["name"] = .string(fields.filled("name") ?? saved?.name ?? kind.name)
        draft["settings"] = .object(settings(replacing: saved))
        draft["subscription"] = hasSubscription ? subscription : saved?.subscription.json ?? .null
        draft["max_per_minute"] = rate(saved)
        draft["enabled"] = .bool(saved.map { $0.state != .disabled } ?? true)
        return .object(draft)
    }

    /// Parses the draft, once the permission has been checked.
    func reading(_ dependencies: PageDependencies) -> @Sendable () throws(InvalidInput) -> ChannelDraft {
        { () throws(InvalidInput) in
            try ChannelDraft(reading: draft(), kinds: dependencies.kinds, policy: dependencies.policy)
        }
    }

    func changing(_ dependencies: PageDependencies) -> @Sendable (Channel) throws(InvalidInput) -> ChannelDraft {
        { saved throws(InvalidInput) in
            try ChannelDraft(
                reading: draft(replacing: saved), kinds: dependencies.kinds, policy: dependencies.policy,
                replacing: saved)
        }
    }

    /// An empty field means as fast as the kind's service allows; a form without the field keeps the saved value.
    private func rate(_ saved: Channel?) -> JSONValue {
        guard fields.has("max_per_minute") else { return JSONValue(saved?.maxPerMinute.map(Int64.init)) }
        return fields.filled("max_per_minute").map(Self.number) ?? .null
    }

    private func settings(replacing saved: Channel?) -> JSONObject {
        var settings = JSONObject()
        for field in kind.fields { settings[field.key] = value(of: field, replacing: saved?.settings[field.key]) }
        return settings
    }

    /// A form that comes back as it was shown changes nothing: a box that is not ticked also stands for a switch that was
    /// left out, and a text for the same with white space around it.
    private func value(of field: Field, replacing saved: JSONValue?) -> JSONValue? {
        let name = "settings.\(field.key)"
        if case .bool = field.type {
            let isOn = fields.says("true", in: name)
            return isOn || saved != nil ? .bool(isOn) : nil
        }
        guard let typed = fields.filled(name) else { return removed(field, name) }
        guard let shown = saved.map(field.masked)?.string, FormBody.isUnchanged(typed, from: shown) else {
            return .string(typed)
        }
        return .string(shown)
    }

    /// A form shows that there is a secret: where it comes back empty, somebody has removed it. A signing secret stays.
    private func removed(_ field: Field, _ name: String) -> JSONValue? {
        if case .signingSecret = field.type { return nil }
        return field.isSecret && !field.isRequired && fields.has(name) ? .null : nil
    }

    private var subscription: JSONValue {
        .object(JSONObject(SubscriptionRule.all.map { .init(key: $0.key, value: items(of: $0)) }))
    }

    /// Errors in the words of a form instead of the API's: there is no field to leave out.
    func worded(_ errors: [ValidationError]) -> [ValidationError] {
        errors.map { error in
            let rule = SubscriptionRule.all.first { error.field.sameBytes(as: "subscription.\($0.key)") }
            guard let rule, case .choices = rule.items, fields.all(rule.option).isEmpty else { return error }
            return ValidationError(error.field, "Choose at least one.")
        }
    }

    /// Checking everything means all, including future values; so does an empty field.
    private func items(of rule: SubscriptionRule) -> JSONValue {
        switch rule.items {
        case .choices(let choices):
            let given = fields.all(rule.option)
            let offered = choices.filter(\.isOffered).map(\.value.typed)
            return Self.have(given, offered) ? .null : .array(given.map(rule.item))
        case .numbers:
            let given = Self.words(fields.text(rule.option) ?? "")
            return given.isEmpty ? .null : .array(given.map(rule.item))
        }
    }

    private static func have(_ given: [String], _ all: [String]) -> Bool {
        Set(given.map { ForeignText($0) }).isSuperset(of: all.map { ForeignText($0) })
    }

    private static func words(_ text: String) -> [String] {
        text.utf8.split { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }.map { String(Substring($0)) }
    }

    /// Anything but a number stays a text, so that the draft's validation reports it.
    private static func number(_ text: String) -> JSONValue {
        Int64(text).map(JSONValue.integer) ?? .string(text)
    }
}
