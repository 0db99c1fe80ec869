import Notifications

/// A value bound to a statement.
package enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
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
    package init<Subject>(_ id: UniqueID<Subject>) { self = .blob(id.bytes) }
    /// NULL for nil.
    package init<Subject>(_ id: UniqueID<Subject>?) { self = id.map { .blob($0.bytes) } ?? .null }
    /// An integer of 64 bits.
    package init<Subject>(_ id: NumericID<Subject>) { self = .integer(id.value) }
    /// NULL for nil.
    package init<Subject>(_ id: NumericID<Subject>?) { self = id.map { .integer($0.value) } ?? .null }
}
