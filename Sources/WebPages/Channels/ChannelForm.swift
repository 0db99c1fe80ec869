import Notifications
import WebServing

/// The form of a channel as it came in. All of it is made from the kind's declared fields, and becomes the same draft that
/// the API takes, so that both are checked by the same rules.
struct ChannelForm: Sendable {
    let kind: any ChannelKind
    let fields: FormBody

    /// - Parameter kinds: among which the form names one.
    init(_ fields: FormBody, kinds: ChannelCatalogue) throws(Problem) {
        guard let kind = fields.text("kind").flatMap(kinds.kind) else {
            throw .badRequest("The form names no kind of channel.")
        }
        self.kind = kind
        self.fields = fields
    }

    /// The version that the form was made from.
    var version: Int64? { fields.number("version") }

    /// The saved channel that the form changes, when it names one.
    var channelID: ChannelID? { fields.text("channel").flatMap { ChannelID($0) } }

    /// Whether the form has a part for the subscription; one that has none keeps it.
    var hasSubscription: Bool { fields.has("subscription") }

    /// `{kind, name, settings, subscription, enabled}`.
    func draft(replacing saved: Channel? = nil) -> JSONValue {
        var draft = JSONObject()
        draft["kind"] = .string(kind.id)
        draft["name"] = .string(fields.filled("name") ?? saved?.name ?? kind.name)
        draft["settings"] = .object(settings)
        draft["subscription"] = hasSubscription ? subscription : saved?.subscription.json ?? .null
        draft["max_per_minute"] = rate(saved)
        draft["enabled"] = .bool(saved.map { $0.state != .disabled } ?? true)
        return .object(draft)
    }

    /// The reading of the draft, which waits until the permission has been checked.
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

    /// Nothing in the field means as fast as the kind's service allows; a form without the field keeps what is saved.
    private func rate(_ saved: Channel?) -> JSONValue {
        guard fields.has("max_per_minute") else { return JSONValue(saved?.maxPerMinute.map(Int64.init)) }
        return fields.filled("max_per_minute").map(Self.number) ?? .null
    }

    private var settings: JSONObject {
        var settings = JSONObject()
        for field in kind.fields {
            let name = "settings.\(field.key)"
            switch field.type {
            case .bool: settings[field.key] = .bool(fields.says("true", in: name))
            default: settings[field.key] = fields.filled(name).map(JSONValue.string)
            }
        }
        return settings
    }

    private var subscription: JSONValue {
        .object(JSONObject(SubscriptionRule.all.map { .init(key: $0.key, value: items(of: $0)) }))
    }

    /// Everything ticked means all, including what comes to be later; so does a field that is left empty.
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
        Set(given.map(ForeignText.init)).isSuperset(of: all.map(ForeignText.init))
    }

    private static func words(_ text: String) -> [String] {
        text.utf8.split { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }.map { String(Substring($0)) }
    }

    /// What is no number stays a text, so that it is found wrong where numbers are read.
    private static func number(_ text: String) -> JSONValue {
        Int64(text).map(JSONValue.integer) ?? .string(text)
    }
}
