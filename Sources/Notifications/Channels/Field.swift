/// One field of a channel kind's settings. Forms, command-line options, validation, documentation and masking are all
/// derived from it.
package struct Field: Sendable {
    /// The name in the API, snake_case.
    package let key: String
    package let label: String
    package let type: FieldType
    package let isRequired: Bool
    /// Secrets are masked wherever they are shown. (All settings are encrypted at rest.)
    package let isSecret: Bool
    /// One or two sentences: what it is and where to get it.
    package let help: String
    package let example: String
    /// The kind's own rule for a text.
    package let rule: TextRule
    /// What is saved if the field is left out; nil for nothing.
    package let standard: String?

    package init(
        key: String, label: String, type: FieldType, isRequired: Bool = true, isSecret: Bool = false, help: String,
        example: String = "", rule: TextRule = .any, standard: String? = nil
    ) {
        self.key = key
        self.label = label
        self.type = type
        self.isRequired = isRequired
        self.isSecret = isSecret
        self.help = help
        self.example = example
        self.rule = rule
        self.standard = standard
    }
}

/// What a field's value must be.
package enum FieldType: Sendable {
    /// An address to send to. The rule is in addition to those of `OutboundURL` and `EgressPolicy`.
    case url(URLRule)
    /// A text of at most this many bytes in UTF-8.
    case text(bytes: Int)
    /// A text of several lines, of at most this many bytes in UTF-8.
    case lines(bytes: Int)
    case bool
    case choice([String])
    /// A Standard Webhooks secret, `whsec_…`; generated if left out.
    case signingSecret
    /// A private key in PEM, of at most this many bytes. No part of it is ever shown, and the receiver does not see it.
    case privateKey(bytes: Int)

    /// Whether the value must only be used at the host that it was entered for. A signing secret may stay: it is not sent.
    var staysAtHost: Bool {
        if case .signingSecret = self { false } else { true }
    }

    /// The word for the type in `GET /v1/channel-kinds`.
    package var word: String {
        switch self {
        case .url: "url"
        case .text: "text"
        case .lines: "lines"
        case .bool: "boolean"
        case .choice: "choice"
        case .signingSecret: "signing_secret"
        case .privateKey: "private_key"
        }
    }
}

/// A kind's own rule for a text: returns an error as a whole sentence, or nil.
package struct TextRule: Sendable {
    package let error: @Sendable (String) -> String?

    package init(_ error: @escaping @Sendable (String) -> String?) {
        self.error = error
    }

    package static let any = TextRule { _ in nil }

    /// What a header or an address can contain: visible ASCII without blanks.
    static let token = TextRule { text in
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            ? nil : "Must not contain blanks, or letters other than ASCII."
    }
}

/// A kind's own rule for addresses: returns an error as a whole sentence, or nil.
package struct URLRule: Sendable {
    package let error: @Sendable (OutboundURL) -> String?

    package init(_ error: @escaping @Sendable (OutboundURL) -> String?) {
        self.error = error
    }

    package static let any = URLRule { _ in nil }
}
