/// A condition that a channel can set on events. JSON, the API description, the form, the command line and the
/// explanations are derived from it.
package struct SubscriptionRule: Sendable {
    /// The name in the API, snake_case: `project_ids`.
    package let key: String
    /// The name in the form and on the command line: `projects`.
    package let option: String
    /// The name for people.
    package let label: String
    package let items: Items
    /// One sentence for wrong input: which items are allowed.
    package let expectation: String
    /// One or two sentences for the form; empty if the label says enough.
    package let help: String
    /// The part after `not_subscribed.` in the reason of skipped deliveries.
    package let reason: String
    /// What the channel wants, for one or several items, after "wants only": `events of the types`.
    package let wanted: (one: String, several: String)
    /// What it does not want, if the wanted items are no longer known: `events of this type`.
    package let unwanted: String
    /// The text before the items in a list of channels: `projects `.
    package let summary: String
    /// Whether `decide` uses the history; only then is it read from the database.
    package let needsHistory: Bool
    /// Whether a channel with these items (at least one) wants the event. The history is `none` unless `needsHistory`.
    package let decide: @Sendable (_ items: [JSONValue], _ event: EventContent, _ history: RunHistory) -> Bool

    /// What the items of a rule are.
    package enum Items: Sendable {
        /// Some of these.
        case choices([Choice])
        /// Arbitrary whole numbers.
        case numbers
    }

    /// An item to choose from.
    package struct Choice: Sendable {
        /// A string or a whole number.
        package let value: JSONValue
        /// In the form.
        package let label: String
        /// As part of a sentence.
        package let word: String
        /// Where there is little space.
        package let short: String
        /// Whether the form offers it; other items are shown if they were set through the API.
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
    /// Whether a value is a valid item of the rule.
    package func takes(_ item: JSONValue) -> Bool {
        switch items {
        case .choices(let choices): choices.contains { $0.value == item }
        case .numbers: item.integer != nil
        }
    }

    /// Parses a typed item. Invalid text stays a string and is rejected where items are read.
    package func item(typed text: String) -> JSONValue {
        switch items {
        case .choices(let choices):
            choices.first { $0.value.typed.sameBytes(as: text) }?.value ?? .string(text)
        case .numbers: Int64(text).map(JSONValue.integer) ?? .string(text)
        }
    }

    /// What a channel with these items wants, after "wants only".
    package func words(_ items: [JSONValue]) -> String {
        "\(items.count == 1 ? wanted.one : wanted.several) " + Self.list(items.map { choice($0)?.word ?? $0.typed })
    }

    /// The same, shortened for a list of channels.
    package func shortWords(_ items: [JSONValue]) -> String {
        summary + items.map { choice($0)?.short ?? $0.typed }.joined(separator: ", ")
    }

    private func choice(_ item: JSONValue) -> Choice? {
        if case .choices(let choices) = items { choices.first { $0.value == item } } else { nil }
    }

    /// `a, b and c`; a long list is cut.
    private static func list(_ words: [String]) -> String {
        let shown = words.count > 8 ? Array(words.prefix(7)) + ["\(words.count - 7) more"] : words
        guard shown.count > 1, let last = shown.last else { return shown.joined() }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension JSONValue {
    /// A string or a whole number as one would type it.
    package var typed: String { string ?? integer.map { String($0) } ?? compactText }
}

/// What is known of the load test's earlier runs.
package struct RunHistory: Equatable, Sendable {
    /// How the previous run ended; nil if there was none, or it is not known.
    package let lastStatus: TestStatus?

    package init(lastStatus: TestStatus?) {
        self.lastStatus = lastStatus
    }

    package static let none = RunHistory(lastStatus: nil)
}
