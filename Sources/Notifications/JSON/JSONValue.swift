/// A JSON value (RFC 8259) that keeps the order of members and distinguishes whole numbers. Strings are compared and
/// hashed by their bytes.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    package var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    package var array: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
    package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// A member of an object; nil if this is not an object or has no such member.
    package subscript(_ key: String) -> JSONValue? { object?[key] }
}

extension JSONValue: Hashable {
    package static func == (lhs: JSONValue, rhs: JSONValue) -> Bool {
        switch (lhs, rhs) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.string(let one), .string(let other)): one.sameBytes(as: other)
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)): one == other
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let flag): hasher.combine(flag)
        case .integer(let number): hasher.combine(number)
        case .number(let number): hasher.combine(number)
        case .string(let text): hasher.combine(ForeignText(text))
        case .array(let items): hasher.combine(items)
        case .object(let object): hasher.combine(object)
        }
    }
}

/// The members of a JSON object in their order. Look-ups are linear: objects are small.
package struct JSONObject: Hashable, Sendable {
    /// A name and its value.
    package struct Member: Hashable, Sendable {
        package let name: ForeignText
        package var value: JSONValue

        package init(name: ForeignText, value: JSONValue) {
            self.name = name
            self.value = value
        }

        package init(key: String, value: JSONValue) {
            self.init(name: ForeignText(key), value: value)
        }

        /// The name for display; compare `name` instead.
        package var key: String { name.text }
    }

    package private(set) var members: [Member]

    package init(_ members: [Member] = []) {
        self.members = members
    }

    /// Setting nil removes the member; setting a value keeps the member's place.
    package subscript(_ key: String) -> JSONValue? {
        get { index(of: key).map { members[$0].value } }
        set {
            switch (index(of: key), newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Where the member with this name is; nil if there is none.
    func index(of key: String) -> Int? {
        members.indices.first { members[$0].name.text.sameBytes(as: key) }
    }

    package var names: [ForeignText] { members.map(\.name) }
    package var keys: [String] { members.map(\.key) }
    package var isEmpty: Bool { members.isEmpty }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(nilLiteral: ()) { self = .null }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member(key: $0.0, value: $0.1) }))
    }
}

extension JSONValue {
    /// The text, or `null`.
    package init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }

    /// The number, or `null`.
    package init(_ number: Int64?) { self = number.map(JSONValue.integer) ?? .null }

    /// The moment as RFC 3339, or `null`.
    package init(_ time: Timestamp?) { self.init(time?.description) }

    package init<Subject>(_ id: NumericID<Subject>?) { self.init(id?.value) }
    package init<Subject>(_ id: UniqueID<Subject>?) { self.init(id?.text) }
}
