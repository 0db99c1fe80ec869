import Notifications

extension Schema {
    /// The allowed items of a subscription rule.
    static func item(of rule: SubscriptionRule) -> Schema {
        guard case .choices(let choices) = rule.items else { return .number }
        let texts = choices.compactMap(\.value.string)
        guard texts.count < choices.count else { return .words(texts) }
        return Schema([
            "type": "integer", "enum": .array(choices.map(\.value)),
            "description": .string(choices.map { "\($0.value.typed) \($0.label)" }.joined(separator: ", ")),
        ])
    }
}
