/// Which events a channel wants: for each rule, the wanted items. A rule without items accepts everything.
package struct Subscription: Equatable, Sendable {
    /// By rule key; never an empty list.
    private let items: JSONObject

    private init(items: JSONObject) {
        self.items = items
    }

    package static let everything = Subscription(items: JSONObject())

    /// The items of a rule; nil if it accepts everything.
    package subscript(_ rule: SubscriptionRule) -> [JSONValue]? { items[rule.key]?.array }

    /// Why to skip an event, by the first rule that rejects it; nil if the event is wanted. `history` is only called if
    /// one of the channel's rules needs it.
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
    /// A member for each rule; null where it accepts everything.
    package var json: JSONValue {
        let members = SubscriptionRule.all.map { rule in
            JSONObject.Member(key: rule.key, value: self[rule].map(JSONValue.array) ?? .null)
        }
        return .object(JSONObject(members))
    }

    /// A short summary for a list of channels; nil if everything is wanted.
    package var shortWords: String? {
        let parts = SubscriptionRule.all.compactMap { rule in self[rule].map(rule.shortWords) }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// The maximum number of items of a rule.
    package static let mostItems = 1000

    /// Reads an object with a member for each rule; a missing or null member accepts everything. An empty list is an
    /// error, since such a channel would never receive anything.
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
