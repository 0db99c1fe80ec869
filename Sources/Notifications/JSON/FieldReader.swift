import Foundation

/// Reads the members of a JSON object and collects all errors instead of stopping at the first.
///
/// Read the known members, then call `finish()`: it adds an error for each unknown member and throws if there are any
/// errors. A value with an error reads as nil, so use `guard` after `finish()`.
package struct FieldReader {
    package private(set) var errors: [ValidationError] = []
    private let object: JSONObject
    private let path: String
    /// For each member of the object, whether it was asked for.
    private var isKnown: [Bool]

    /// `path` is prefixed to field names: `events[3]`.
    package init(_ value: JSONValue, path: String = "") {
        self.path = path
        if case .object(let object) = value {
            self.object = object
            isKnown = Array(repeating: false, count: object.members.count)
        } else {
            self.object = JSONObject()
            isKnown = []
            errors.append(ValidationError(path.isEmpty ? "body" : path, "Must be a JSON object."))
        }
    }

    /// A member's value; nil if left out.
    package mutating func value(_ key: String) -> JSONValue? {
        guard let index = object.index(of: key) else { return nil }
        isKnown[index] = true
        return object.members[index].value
    }

    /// A whole number in a range; nil if left out or wrong.
    package mutating func integer(_ key: String, _ need: Need = .required, in range: ClosedRange<Int64> = .min ... .max)
        -> Int64?
    {
        guard let value = present(key, need) else { return nil }
        guard let number = value.integer else { return reject(key, "Must be a whole number.") }
        guard range.contains(number) else {
            return reject(key, "Must be from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// True or false; nil if left out or wrong.
    package mutating func bool(_ key: String, _ need: Need = .required) -> Bool? {
        guard let value = present(key, need) else { return nil }
        guard let flag = value.bool else { return reject(key, "Must be true or false.") }
        return flag
    }

    /// A text with at least one visible character and at most `bytes` bytes in UTF-8; nil if left out or wrong.
    package mutating func text(_ key: String, _ need: Need = .required, bytes: Int, controls: Controls = .refused)
        -> String?
    {
        guard let value = present(key, need) else { return nil }
        guard let text = value.string else { return reject(key, "Must be a string.") }
        if controls == .refused {
            return LineText.error(in: text, bytes: bytes).map { reject(key, $0) } ?? text
        }
        guard text.utf8.count <= bytes else {
            return reject(key, "Must be at most \(bytes) bytes in UTF-8.")
        }
        guard text.hasVisibleCharacter else {
            return reject(key, "Must have at least one visible character.")
        }
        return text
    }

    /// A time as RFC 3339; nil if left out or wrong.
    package mutating func time(_ key: String, _ need: Need = .required) -> Timestamp? {
        guard let value = present(key, need) else { return nil }
        guard let time = value.string.flatMap(Timestamp.init(rfc3339:)) else {
            return reject(key, "Must be an RFC 3339 date and time, such as 2026-11-23T10:12:30Z.")
        }
        return time
    }

    /// An array of at most `count` elements; nil if left out or wrong.
    package mutating func array(_ key: String, _ need: Need = .required, atMost count: Int) -> [JSONValue]? {
        guard let value = present(key, need) else { return nil }
        guard let items = value.array else { return reject(key, "Must be an array.") }
        guard items.count <= count else { return reject(key, "Must have at most \(count) items.") }
        return items
    }

    /// Adds an error for a field of this object.
    @discardableResult
    package mutating func reject<Value>(_ key: String, _ message: String) -> Value? {
        errors.append(ValidationError(name(key), message))
        return nil
    }

    /// Adds errors found elsewhere, with their full field names.
    package mutating func add(_ more: [ValidationError]) {
        errors += more
    }

    /// The full name of a field: `events[3].status`.
    package func name(_ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    /// Throws all errors if there are any, including unknown members.
    package mutating func finish() throws(InvalidInput) {
        refuseUnknown()
        guard errors.isEmpty else { throw InvalidInput(errors) }
    }

    /// Adds an error for each unknown member.
    package mutating func refuseUnknown() {
        for (member, isKnown) in zip(object.members, isKnown) where !isKnown {
            reject(member.key.prefix(bytes: 64), "Unknown field.") as Void?
        }
        isKnown = Array(repeating: true, count: isKnown.count)
    }

    private mutating func present(_ key: String, _ need: Need) -> JSONValue? {
        let value = value(key)
        switch (value, need) {
        case (nil, .required): return reject(key, "This field is required.")
        case (.null?, .required): return reject(key, "Must not be null.")
        case (.null?, .orNull): return nil
        case (.null?, .optional): return reject(key, "Must not be null; omit the field instead.")
        default: return value
        }
    }

    /// Whether a member must be present.
    package enum Need: Sendable {
        case required
        case optional
        /// May be left out or null; both mean the same.
        case orNull
    }

    /// Whether a text may contain control characters.
    package enum Controls: Sendable {
        /// Invisible characters are refused too (`LineText`).
        case refused
        case taken
    }
}
