import Notifications

/// A value for a statement.
package enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(nilLiteral: ()) { self = .null }
}

extension SQLValue {
    package init(_ text: String) { self = .text(text) }
    package init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
    package init(_ number: Int) { self = .integer(Int64(number)) }
    package init(_ number: Int64) { self = .integer(number) }
    package init(_ number: Int64?) { self = number.map(SQLValue.integer) ?? .null }
    package init(_ time: Timestamp) { self = .integer(time.microseconds) }
    package init(_ time: Timestamp?) { self = time.map { .integer($0.microseconds) } ?? .null }
    package init<Subject>(_ id: UniqueID<Subject>) { self = .blob(id.bytes) }
    package init<Subject>(_ id: UniqueID<Subject>?) { self = id.map { .blob($0.bytes) } ?? .null }
    package init<Subject>(_ id: NumericID<Subject>) { self = .integer(id.value) }
    package init<Subject>(_ id: NumericID<Subject>?) { self = id.map { .integer($0.value) } ?? .null }
}
