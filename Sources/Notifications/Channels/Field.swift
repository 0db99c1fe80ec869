/// One field of a channel kind's settings. Forms, command-line options, checks, documentation and the hiding of
/// secrets are all made from it.
package struct Field: Sendable {
    /// The name in the API, snake_case.
    package let key: String
    package let label: String
    package let type: FieldType
    package let isRequired: Bool
    /// Secret values are sealed at rest (all are) and masked wherever they are shown.
    package let isSecret: Bool
    /// One or two sentences: what it is and where to get it.
    package let help: String
    package let example: String

    package init(
        key: String, label: String, type: FieldType, isRequired: Bool = true, isSecret: Bool = false, help: String,
        example: String = ""
    ) {
        self.key = key
        self.label = label
        self.type = type
        self.isRequired = isRequired
        self.isSecret = isSecret
        self.help = help
        self.example = example
    }
}

package enum FieldType: Sendable {
    /// An address to send to. The rule comes on top of what every address must hold (`OutboundURL`, `EgressPolicy`).
    case url(URLRule)
    /// A text of at most so many bytes in UTF-8.
    case text(bytes: Int)
    case bool
    case choice([String])
    /// A Standard Webhooks secret, `whsec_…`; made at save when left out.
    case signingSecret

    /// Whether the receiver gets to see the value; what requests are signed with it does not.
    var isSent: Bool {
        if case .signingSecret = self { false } else { true }
    }

    /// The word for the type in `GET /v1/channel-kinds`.
    package var word: String {
        switch self {
        case .url: "url"
        case .text: "text"
        case .bool: "boolean"
        case .choice: "choice"
        case .signingSecret: "signing_secret"
        }
    }
}

/// What a kind asks of an address beyond the common rules: nil when it is fine, otherwise a whole sentence.
package struct URLRule: Sendable {
    package let error: @Sendable (OutboundURL) -> String?

    package init(_ error: @escaping @Sendable (OutboundURL) -> String?) {
        self.error = error
    }

    package static let any = URLRule { _ in nil }
}
