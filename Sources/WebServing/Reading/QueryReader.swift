import Hummingbird
import Notifications
import Repository

/// Reads the query parameters of a request, and collects all errors instead of stopping at the first, as `FieldReader`
/// does for bodies.
package struct QueryReader {
    private var given: [(name: ForeignText, value: String)] = []
    private var asked: Set<ForeignText> = []
    private var errors: [ValidationError] = []
    /// The path that cursors are valid for.
    private let list: String

    /// How long a parameter's value may be.
    package static let mostBytes = 500

    /// - Parameters:
    ///   - isOfForm: whether an HTML form sent the query: then a plus sign means a space, and empty fields count as
    ///     missing.
    ///   - list: the path of the list that cursors are valid for.
    package init(_ query: String?, isOfForm: Bool = false, of list: String = "") {
        self.list = list
        let query = isOfForm ? query?.replacingBytes(of: "+", with: "%20") : query
        for pair in (query ?? "").pieces(between: "&") where !pair.isEmpty {
            let parts = pair.pieces(between: "=", atMost: 2)
            if isOfForm, parts.count == 2, parts[1].isEmpty { continue }
            let name = PercentEncoding.decode(parts[0])
            let value = PercentEncoding.decode(parts.count == 2 ? parts[1] : "")
            guard let name, let value else {
                errors.append(ValidationError("query", "A parameter is not percent-encoded UTF-8."))
                continue
            }
            given.append((ForeignText(name), value))
        }
    }

    /// For routes without parameters.
    static func refuseAll(_ query: String?) throws(InvalidInput) {
        guard let query, !query.isEmpty else { return }
        var reader = QueryReader(query)
        try reader.finish()
    }

    /// For a request; its cursors are valid for its path.
    package init(_ request: Request, isOfForm: Bool = false) {
        self.init(request.uri.query, isOfForm: isOfForm, of: request.uri.path)
    }

    /// For lists that take only pagination parameters.
    package static func page(_ request: Request) throws(InvalidInput) -> PageRequest {
        var reader = QueryReader(request)
        let part = reader.page()
        try reader.finish()
        return part
    }

    /// 1 to `mostBytes` bytes without control characters; nil without the parameter.
    package mutating func text(_ name: String) -> String? {
        asked.insert(ForeignText(name))
        let values = given.filter { $0.name.text.sameBytes(as: name) }
        guard values.count <= 1 else { return reject(name, "Must be given only once.") }
        guard let value = values.first?.value else { return nil }
        guard LineText.error(in: value, bytes: Self.mostBytes) == nil else {
            return reject(name, "Must be 1 to \(Self.mostBytes) bytes without control characters.")
        }
        return value
    }

    /// A parameter parsed by `read`; `expected` describes valid values in a whole sentence.
    package mutating func value<Value>(_ name: String, _ expected: String, _ read: (String) -> Value?) -> Value? {
        guard let text = text(name) else { return nil }
        guard let value = read(text) else { return reject(name, expected) }
        return value
    }

    /// A whole number in its canonical form.
    package mutating func numericID<Subject>(_ name: String) -> NumericID<Subject>? {
        value(name, "Must be a whole number.") { text in
            Int64(text).flatMap { text.sameBytes(as: String($0)) ? NumericID($0) : nil }
        }
    }

    /// A whole number within a range, in its canonical form; `expected` says so in a whole sentence.
    package mutating func wholeNumber(
        _ name: String, in range: ClosedRange<Int64>, _ expected: String
    ) -> Int64? {
        value(name, expected) { text in
            Int64(text).flatMap { range.contains($0) && text.sameBytes(as: String($0)) ? $0 : nil }
        }
    }

    /// A UUID in its canonical form.
    package mutating func uniqueID<Subject>(_ name: String) -> UniqueID<Subject>? {
        value(name, "Must be an ID issued by this service.") { UniqueID($0) }
    }

    /// One of the words of an enumeration.
    package mutating func choice<Word: RawRepresentable<String> & CaseIterable>(_ name: String) -> Word? {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        return value(name, "Must be one of \(words).") { Word(word: $0) }
    }

    /// `limit`, 50 by default, and `cursor`.
    package mutating func page() -> PageRequest {
        let limit = value("limit", "Must be a whole number from 1 to 250.") { text in
            Int(text).flatMap { (1...250).contains($0) && text.sameBytes(as: String($0)) ? $0 : nil }
        }
        let list = list
        let cursor = value("cursor", "Must be a next_cursor of this list.") {
            Cursor(text: $0, of: list)
        }
        return PageRequest(limit: limit ?? 50, cursor: cursor)
    }

    /// `since` (inclusive) and `until` (exclusive), in RFC 3339.
    package mutating func span() -> (since: Timestamp?, until: Timestamp?) {
        let since = time("since")
        let until = time("until")
        if let since, let until, until < since { reject("until", "Must not be before since.") as Void? }
        return (since, until)
    }

    /// Throws all collected errors, including those for unknown parameters.
    package mutating func finish() throws(InvalidInput) {
        for (name, _) in given where asked.insert(name).inserted {
            reject(name.text.prefix(bytes: 64), "Unknown parameter.") as Void?
        }
        guard errors.isEmpty else { throw InvalidInput(errors) }
    }

    private mutating func time(_ name: String) -> Timestamp? {
        value(name, "Must be an RFC 3339 date and time, such as 2026-11-23T10:12:30Z.") { Timestamp(rfc3339: $0) }
    }

    @discardableResult
    private mutating func reject<Value>(_ name: String, _ message: String) -> Value? {
        errors.append(ValidationError(name, message))
        return nil
    }
}
