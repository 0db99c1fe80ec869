/// One thing that a channel may ask of events. JSON, the description of the API, the form, the command line and the
/// explanations are made from it.
package struct SubscriptionRule: Sendable {
    /// The name in the API, snake_case: `project_ids`.
    package let key: String
    /// What a form and the command line call it: `projects`.
    package let option: String
    /// The name for people.
    package let label: String
    package let items: Items
    /// One sentence for whoever gives something else: what items there are.
    package let expectation: String
    /// One or two sentences for the form; empty when the label says it all.
    package let help: String
    /// What stands behind `not_subscribed.` when the rule made a channel skip an event.
    package let reason: String
    /// What the channel wants, of one or several items, behind "wants only": `events of the types`.
    package let wanted: (one: String, several: String)
    /// What it does not want, when nobody knows what it wanted: `events of this type`.
    package let unwanted: String
    /// What stands before the items in a list of channels: `projects `.
    package let summary: String
    /// Whether `decide` looks at what came before; only then it is read from the database.
    package let needsHistory: Bool
    /// Whether a channel that has these items (at least one) wants the event. Of a rule that does not ask for it, the
    /// history is `none`.
    package let decide: @Sendable (_ items: [JSONValue], _ event: EventContent, _ history: RunHistory) -> Bool

    package enum Items: Sendable {
        /// Some of these.
        case choices([Choice])
        /// Any whole numbers.
        case numbers
    }

    package struct Choice: Sendable {
        /// A text or a whole number.
        package let value: JSONValue
        /// For the form.
        package let label: String
        /// Within a sentence.
        package let word: String
        /// Where there is room for a word or two.
        package let short: String
        /// Whether a form offers it; what it does not offer is shown where the API has set it.
        package let isOffered: Bool

        package init(_ value: JSONValue, label: String, word: String, short: String, isOffered: Bool = true) {
            self.value = value
            self.label = label
            self.word = word
            self.short = short
            self.isOffered = isOffered
        }
    }

    package init(
        key: String, option: String, label: String, items: Items, expectation: String, help: String = "",
        reason: String,
        wanted: (one: String, several: String), unwanted: String, summary: String = "", needsHistory: Bool = false,
        decide: @escaping @Sendable ([JSONValue], EventContent, RunHistory) -> Bool
    ) {
        self.key = key
        self.option = option
        self.label = label
        self.items = items
        self.expectation = expectation
        self.help = help
        self.reason = reason
        self.wanted = wanted
        self.unwanted = unwanted
        self.summary = summary
        self.needsHistory = needsHistory
        self.decide = decide
    }
}

extension SubscriptionRule {
    /// Whether something may be an item of the rule.
    package func takes(_ item: JSONValue) -> Bool {
        switch items {
        case .choices(let choices): choices.contains { $0.value == item }
        case .numbers: item.integer != nil
        }
    }

    /// An item as it is typed; what cannot be one stays a text, so that it is found wrong where items are read.
    package func item(typed text: String) -> JSONValue {
        switch items {
        case .choices(let choices):
            choices.first { $0.value.typed.sameBytes(as: text) }?.value ?? .string(text)
        case .numbers: Int64(text).map(JSONValue.integer) ?? .string(text)
        }
    }

    /// What a channel with these items wants, behind "wants only".
    package func words(_ items: [JSONValue]) -> String {
        "\(items.count == 1 ? wanted.one : wanted.several) " + Self.list(items.map { choice($0)?.word ?? $0.typed })
    }

    /// The same in a few words, for a list of channels.
    package func shortWords(_ items: [JSONValue]) -> String {
        summary + items.map { choice($0)?.short ?? $0.typed }.joined(separator: ", ")
    }

    private func choice(_ item: JSONValue) -> Choice? {
        if case .choices(let choices) = items { choices.first { $0.value == item } } else { nil }
    }

    /// `a, b and c`; of a long list, its beginning.
    private static func list(_ words: [String]) -> String {
        let shown = words.count > 8 ? Array(words.prefix(7)) + ["\(words.count - 7) more"] : words
        guard shown.count > 1, let last = shown.last else { return shown.joined() }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension JSONValue {
    /// A text or a whole number as one types it.
    package var typed: String { string ?? integer.map { String($0) } ?? compactText }
}

/// How the load test of an event went before, as far as it is known.
package struct RunHistory: Equatable, Sendable {
    /// How the run before it ended; nil when there was none, or nothing is known of it.
    package let lastStatus: TestStatus?

    package init(lastStatus: TestStatus?) {
        self.lastStatus = lastStatus
    }

    package static let none = RunHistory(lastStatus: nil)
}
