import Notifications

/// A path parameter, query parameter or header of a request.
struct Parameter: Sendable {
    private enum Place: String {
        case path, query, header
    }

    private let name: String
    private let place: Place
    private let text: String
    private let schema: Schema
    /// The refusal if it is not met.
    private(set) var refusal: Refusal?

    var json: JSONValue {
        [
            "name": .string(name), "in": .string(place.rawValue), "required": .bool(place == .path),
            "description": .string(text), "schema": schema.value,
        ]
    }
}

extension Parameter {
    static func path(_ name: String) -> Parameter {
        let (text, schema): (String, Schema) =
            switch name {
            case "organization": ("The organization's ID, a number.", .number)
            case "user": ("The user's ID, a number.", .number)
            case "revision": ("The revision to restore.", .ordinal)
            case "room": ("The room's name or number. It decides nothing.", .visible(bytes: PostedMessage.roomBytes))
            default: ("The \(name)'s ID.", .id)
            }
        return Parameter(name: name, place: .path, text: text, schema: schema)
    }

    static func query(_ name: String, _ text: String, _ schema: Schema) -> Parameter {
        Parameter(name: name, place: .query, text: text, schema: schema)
    }

    /// The parameters of every list.
    static let page: [Parameter] = [
        query(
            "limit", "Maximum number of items.",
            Schema(["type": "integer", "minimum": 1, "maximum": 250, "default": 50])),
        query(
            "cursor",
            "Where to continue: next_cursor of the page before. A page may have fewer items and yet a next one.",
            .text.with("pattern", "^[0-9a-f]{10,200}$")),
    ]

    static let span: [Parameter] = [
        query("since", "From this time, inclusive.", .givenTime),
        query("until", "Up to this time, exclusive.", .givenTime),
    ]

    static let ifMatch = Parameter(
        name: "If-Match", place: .header, text: "The ETag of the expected version; * for any.",
        schema: .text.with("pattern", #"^("[1-9][0-9]{0,18}"|\*)$"#), refusal: .staleVersion)

    static let idempotencyKey = Parameter(
        name: "Idempotency-Key", place: .header,
        text: "Makes resending the event safe; remembered for 7 days.",
        schema: .text.with("pattern", "^[!-~]{1,255}$"), refusal: .idempotencyMismatch)
}
