/// Which events a channel wants: for each rule, the items that it wants; a rule without any wants everything.
package struct Subscription: Equatable, Sendable {
    /// By the rules' keys; never empty lists.
    private let items: JSONObject

    private init(items: JSONObject) {
        self.items = items
    }

    package static let everything = Subscription(items: JSONObject())

    /// The items of a rule; nil when it wants everything.
    package subscript(_ rule: SubscriptionRule) -> [JSONValue]? { items[rule.key]?.array }

    /// Nil when the event is wanted, otherwise the first reason why not. What came before the event is asked for only
    /// when a rule that the channel has wants to know.
    package func reasonToSkip<Failure>(
        _ content: EventContent, rules: [SubscriptionRule] = SubscriptionRule.all,
        history: () throws(Failure) -> RunHistory
    ) throws(Failure) -> SkipReason? {
        for rule in rules {
            guard let items = self[rule] else { continue }
            let known = rule.needsHistory ? try history() : .none
            if !rule.decide(items, content, known) { return .notSubscribed(rule.reason) }
        }
        return nil
    }
}

extension Subscription {
    /// A member for each rule; null where it wants everything.
    package var json: JSONValue {
        let members = SubscriptionRule.all.map { rule in
            JSONObject.Member(key: rule.key, value: self[rule].map(JSONValue.array) ?? .null)
        }
        return .object(JSONObject(members))
    }

    /// In a few words, for a list of channels; nil when it wants everything.
    package var shortWords: String? {
        let parts = SubscriptionRule.all.compactMap { rule in self[rule].map(rule.shortWords) }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// How many items a rule takes.
    package static let mostItems = 1000

    /// Reads an object with a member for each rule; one that is left out or null means all. An empty list is an error:
    /// it would be a channel that never gets anything.
    package init(
        reading value: JSONValue, path: String = "subscription", rules: [SubscriptionRule] = SubscriptionRule.all
    ) throws(InvalidInput) {
        var fields = FieldReader(value, path: path)
        var items = JSONObject()
        for rule in rules { items[rule.key] = Self.items(of: rule, &fields).map(JSONValue.array) }
        try fields.finish()
        self.init(items: items)
    }

    private static func items(of rule: SubscriptionRule, _ fields: inout FieldReader) -> [JSONValue]? {
        guard let items = fields.array(rule.key, .orNull, atMost: mostItems) else { return nil }
        guard items.allSatisfy(rule.takes) else { return fields.reject(rule.key, rule.expectation) }
        guard !items.isEmpty else {
            return fields.reject(rule.key, "An empty list would want nothing; leave the field out to want all.")
        }
        guard Set(items).count == items.count else {
            return fields.reject(rule.key, "An item stands twice in the list.")
        }
        return items
    }
}
