import Notifications

/// A value bound to a statement.
package enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    /// The 16 bytes of an id, most significant first: a blob without an array, since every statement has some.
    case id(high: UInt64, low: UInt64)
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    /// A literal text.
    package init(stringLiteral value: String) { self = .text(value) }
    /// A literal number.
    package init(integerLiteral value: Int64) { self = .integer(value) }
    /// NULL.
    package init(nilLiteral: ()) { self = .null }
}

extension SQLValue {
    /// A text as it is.
    package init(_ text: String) { self = .text(text) }
    /// NULL for nil.
    package init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
    /// An integer of 64 bits.
    package init(_ number: Int) { self = .integer(Int64(number)) }
    /// An integer of 64 bits.
    package init(_ number: Int64) { self = .integer(number) }
    /// NULL for nil.
    package init(_ number: Int64?) { self = number.map(SQLValue.integer) ?? .null }
    /// Microseconds since 1970, UTC.
    package init(_ time: Timestamp) { self = .integer(time.microseconds) }
    /// NULL for nil.
    package init(_ time: Timestamp?) { self = time.map { .integer($0.microseconds) } ?? .null }
    /// 16 bytes, most significant first, so that they sort like the ids.
    package init<Subject>(_ id: UniqueID<Subject>) { self = .id(high: id.high, low: id.low) }
    /// NULL for nil.
    package init<Subject>(_ id: UniqueID<Subject>?) { self = id.map { .id(high: $0.high, low: $0.low) } ?? .null }
    /// An integer of 64 bits.
    package init<Subject>(_ id: NumericID<Subject>) { self = .integer(id.value) }
    /// NULL for nil.
    package init<Subject>(_ id: NumericID<Subject>?) { self = id.map { .integer($0.value) } ?? .null }
}
