import Notifications

/// A part of a path, a query parameter or a header of a request.
struct Parameter: Sendable {
    private enum Place: String {
        case path, query, header
    }

    private let name: String
    private let place: Place
    private let text: String
    private let schema: Schema
    /// What comes of it when it cannot be met.
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
            case "organization": ("The organization's number.", .number)
            case "user": ("The user's number.", .number)
            case "revision": ("The version that is wanted back.", .ordinal)
            default: ("The \(name)'s id.", .id)
            }
        return Parameter(name: name, place: .path, text: text, schema: schema)
    }

    static func query(_ name: String, _ text: String, _ schema: Schema) -> Parameter {
        Parameter(name: name, place: .query, text: text, schema: schema)
    }

    /// What every list takes.
    static let page: [Parameter] = [
        query(
            "limit", "How many items are wanted at most.",
            Schema(["type": "integer", "minimum": 1, "maximum": 250, "default": 50])),
        query(
            "cursor",
            "Where to go on: next_cursor of the part before. A part may hold less than `limit` and have a next one.",
            .text.with("pattern", "^[0-9a-f]{10,200}$")),
    ]

    static let span: [Parameter] = [
        query("since", "The first moment that counts.", .givenTime),
        query("until", "The first moment that does not count.", .givenTime),
    ]

    static let ifMatch = Parameter(
        name: "If-Match", place: .header, text: "The ETag of the version that is meant; * for any.",
        schema: .text.with("pattern", #"^("[1-9][0-9]{0,18}"|\*)$"#), refusal: .staleVersion)

    static let idempotencyKey = Parameter(
        name: "Idempotency-Key", place: .header,
        text: "Makes it safe to send the event again; remembered for 7 days.",
        schema: .text.with("pattern", "^[!-~]{1,255}$"), refusal: .idempotencyMismatch)
}
