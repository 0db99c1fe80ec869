import Notifications

/// One declared field of a kind, as a form shows it.
struct FieldView: Sendable {
    struct Choice: Sendable {
        let value: String
        let label: String
        let isChosen: Bool
    }

    let id: String
    let name: String
    let label: String
    let help: String
    let example: String?
    let value: String
    let error: String?
    let isRequired: Bool
    let isFlag: Bool
    let hasLines: Bool
    let isOn: Bool
    /// Nil for anything but a choice.
    let choices: [Choice]?
    let hasChoices: Bool
    let isLocked: Bool
    /// Of a secret address, that of the saved one.
    let fingerprint: String?

    /// Whether it differs from a field that was left alone.
    var isSet: Bool { isOn || !value.isEmpty }

    /// - Parameter value: the value to show: masked, or as typed into this form.
    init(
        _ field: Field, of form: String, value: JSONValue?, fingerprint: String?, errors: [ValidationError],
        isLocked: Bool
    ) {
        id = "\(form)-\(field.key)"
        name = "settings.\(field.key)"
        label = field.label
        help = field.help
        example = field.example.isEmpty ? nil : field.example
        self.value = field.type.shown(value?.string ?? "")
        error = errors.message(of: "settings.\(field.key)")
        isRequired = field.isRequired
        isOn = value?.bool ?? false
        self.isLocked = isLocked
        self.fingerprint = field.type.isAddress && field.isSecret ? fingerprint : nil
        if case .bool = field.type { isFlag = true } else { isFlag = false }
        hasChoices = field.type.isChoice
        hasLines = field.type.hasLines
        if case .choice(let words) = field.type {
            choices = Self.choices(words, of: field, chosen: value?.string ?? "")
        } else {
            choices = nil
        }
    }

    /// Of an optional field, the first one leaves it out, and names what then applies: the field's example.
    private static func choices(_ words: [String], of field: Field, chosen: String) -> [Choice] {
        let named = words.map { Choice(value: $0, label: $0, isChosen: $0.sameBytes(as: chosen)) }
        if field.isRequired { return named }
        let label = field.example.isEmpty ? "" : "\(field.example) (default)"
        let others = named.filter { $0.isChosen || !$0.value.sameBytes(as: field.example) }
        return [Choice(value: "", label: label, isChosen: chosen.isEmpty)] + others
    }
}

extension FieldType {
    fileprivate var isAddress: Bool {
        if case .url = self { true } else { false }
    }

    fileprivate var isChoice: Bool {
        if case .choice = self { true } else { false }
    }

    fileprivate var hasLines: Bool {
        switch self {
        case .lines, .privateKey: true
        default: false
        }
    }

    /// A private key is not sent back even to whoever typed it, if another field is wrong.
    fileprivate func shown(_ value: String) -> String {
        guard case .privateKey = self else { return value }
        return value.sameBytes(as: Masking.whole) ? value : ""
    }
}
