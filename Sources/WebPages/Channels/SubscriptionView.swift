import Notifications

/// Which events a channel wants, as a form: a part for each rule.
struct SubscriptionView: Sendable {
    struct Tick: Sendable {
        let id: String
        let name: String
        let value: String
        let label: String
        /// The code behind the label; nil for a value that is a word.
        let code: String?
        let isOn: Bool
        let isLocked: Bool
    }

    struct Part: Sendable {
        let name: String
        let label: String
        let ticks: [Tick]
        /// Otherwise its items are typed.
        let hasTicks: Bool
        let text: String
        let help: String
        let error: String?
        let isLocked: Bool
    }

    let parts: [Part]

    init(_ subscription: Subscription, isLocked: Bool) {
        parts = SubscriptionRule.all.map { rule in
            let items = subscription[rule] ?? rule.offered
            return Part(rule, items.map(\.typed), text: items.map(\.typed).joined(separator: ", "), isLocked: isLocked)
        }
    }

    /// As it was typed.
    init(_ form: FormBody, errors: [ValidationError]) {
        parts = SubscriptionRule.all.map { rule in
            let error = errors.first { $0.field == "subscription.\(rule.key)" }?.message
            return Part(
                rule, form.all(rule.option), text: form.text(rule.option) ?? "", error: error, isLocked: false)
        }
    }
}

extension SubscriptionView.Part {
    fileprivate init(
        _ rule: SubscriptionRule, _ given: [String], text: String, error: String? = nil, isLocked: Bool
    ) {
        name = rule.option
        label = rule.label
        help = rule.help
        self.text = text
        self.error = error
        self.isLocked = isLocked
        guard case .choices(let choices) = rule.items else {
            (ticks, hasTicks) = ([], false)
            return
        }
        let isOn = { (choice: SubscriptionRule.Choice) in given.contains { $0.sameBytes(as: choice.value.typed) } }
        // What a form does not offer is shown only where it was asked for, through the API.
        let shown = choices.filter(\.isOffered) + choices.filter { !$0.isOffered && isOn($0) }
        hasTicks = true
        ticks = shown.map { choice in
            let value = choice.value.typed
            return SubscriptionView.Tick(
                id: "\(rule.option)-\(value)", name: rule.option, value: value, label: choice.label,
                code: choice.value.integer == nil ? nil : value, isOn: isOn(choice), isLocked: isLocked)
        }
    }
}

extension SubscriptionRule {
    /// What is ticked where everything is wanted.
    fileprivate var offered: [JSONValue] {
        if case .choices(let choices) = items { choices.filter(\.isOffered).map(\.value) } else { [] }
    }
}

extension Subscription {
    /// In a few words.
    var words: String { shortWords ?? "All events" }
}
