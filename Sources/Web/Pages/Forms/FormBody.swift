import Hummingbird
import Notifications

/// The fields of an HTML form (https://url.spec.whatwg.org/#application/x-www-form-urlencoded).
struct FormBody: Sendable {
    private var fields: [(name: String, value: String)] = []

    private static let mostFields = 1000

    init(_ text: String) throws(Problem) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = PercentEncoding.decode(Self.blanks(parts[0]))
            let value = PercentEncoding.decode(Self.blanks(parts.count == 2 ? parts[1] : ""))
            guard let name, let value, fields.count < Self.mostFields else {
                throw .badRequest("The form cannot be read.")
            }
            fields.append((name, value))
        }
    }

    private static func blanks(_ text: Substring) -> Substring {
        text.utf8.contains(UInt8(ascii: "+")) ? Substring(text.replacing("+", with: " ")) : text
    }

    /// As it was typed, without white space at its ends; nil when the form has no such field.
    func text(_ name: String) -> String? {
        guard let value = fields.first(where: { $0.name == name })?.value else { return nil }
        var scalars = value.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }

    /// Nil also when nothing was typed.
    func filled(_ name: String) -> String? {
        text(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    func number(_ name: String) -> Int64? {
        text(name).flatMap { text in Int64(text).flatMap { String($0) == text ? $0 : nil } }
    }
}

extension Request {
    func form() async throws -> FormBody {
        let buffer = try await bytes()
        guard let text = String(validating: buffer.readableBytesView, as: UTF8.self) else {
            throw Problem.badRequest("The form is not in UTF-8.")
        }
        return try FormBody(text)
    }
}
