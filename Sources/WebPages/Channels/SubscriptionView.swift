import Notifications

/// The events that a channel subscribes to, as a form with a section for each rule.
struct SubscriptionView: Sendable {
    struct Tick: Sendable {
        let id: String
        let name: String
        let value: String
        let label: String
        /// The code behind the label; nil if the value is a word.
        let code: String?
        let isOn: Bool
        let isLocked: Bool
    }

    struct Part: Sendable {
        let name: String
        let label: String
        let ticks: [Tick]
        /// Otherwise its items are typed in.
        let hasTicks: Bool
        let text: String
        let help: String?
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

    /// As typed in.
    init(_ form: FormBody, errors: [ValidationError]) {
        parts = SubscriptionRule.all.map { rule in
            let error = errors.message(of: "subscription.\(rule.key)")
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
        help = rule.help.isEmpty ? nil : rule.help
        self.text = text
        self.error = error
        self.isLocked = isLocked
        guard case .choices(let choices) = rule.items else {
            (ticks, hasTicks) = ([], false)
            return
        }
        let isOn = { (choice: SubscriptionRule.Choice) in given.contains { $0.sameBytes(as: choice.value.typed) } }
        // An item that forms do not offer is shown only if it was set through the API.
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
    /// What is checked when everything is selected.
    fileprivate var offered: [JSONValue] {
        if case .choices(let choices) = items { choices.filter(\.isOffered).map(\.value) } else { [] }
    }
}

extension Subscription {
    /// A short summary.
    var words: String { shortWords ?? "All events" }
}
