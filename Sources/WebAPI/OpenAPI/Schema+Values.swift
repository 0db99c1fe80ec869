import Notifications

extension Schema {
    static let text = Schema(["type": "string"])
    static let null = Schema(["type": "null"])
    static let flag = Schema(["type": "boolean"])
    static let milliseconds = Schema(["type": "number", "minimum": 0])
    static let count = Schema(["type": "integer", "format": "int64", "minimum": 0])
    /// What counts from 1: sequences, versions, attempts.
    static let ordinal = count.with("minimum", 1)

    static func count(in range: ClosedRange<Int64>) -> Schema {
        Schema(["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)])
    }

    /// Any whole number of 64 bits: the ids that the calling application owns.
    static let number = Schema([
        "type": "integer", "format": "int64", "minimum": .integer(.min), "maximum": .integer(.max),
    ])

    /// An id that Runbell made, in its one spelling.
    static let id = Schema([
        "type": "string", "format": "uuid",
        "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    ])

    /// A moment as answers show it.
    static let time = text.with("format", "date-time").with("example", "2026-11-23T10:12:30.000000Z")
    /// A moment as requests may write it: RFC 3339 with any offset, not before 1970.
    static let givenTime = text.with("format", "date-time")

    static let hash = text.with("pattern", "^[0-9a-f]{64}$")

    /// A text with something visible in it, without control characters unless they are `taken`. Its limit counts bytes
    /// of UTF-8; JSON Schema has only characters to say that with, of which there are never more.
    static func visible(bytes: Int, controls: FieldReader.Controls = .refused) -> Schema {
        let control = #"\u0000-\u001F\u007F-\u009F"#
        let pattern = controls == .taken ? #"\S"# : "^[^\(control)]*[^\\s\(control)][^\(control)]*$"
        return Schema([
            "type": "string", "minLength": 1, "maxLength": .integer(Int64(bytes)), "pattern": .string(pattern),
            "description": .string("At most \(bytes) bytes of UTF-8, with at least one visible character."),
        ])
    }

    static func word<Word: RawRepresentable & CaseIterable>(_: Word.Type) -> Schema where Word.RawValue == String {
        words(Word.allCases.map(\.rawValue))
    }

    static func words(_ words: [String]) -> Schema {
        Schema(["type": "string", "enum": .array(words.map(JSONValue.string))])
    }

    static func constant(_ value: JSONValue) -> Schema { Schema(["const": value]) }
}
