import Hummingbird
import Notifications
import WebServing

/// The fields of an HTML form (https://url.spec.whatwg.org/#application/x-www-form-urlencoded).
struct FormBody: Sendable {
    private var fields: [(name: ForeignText, value: String)] = []

    private static let mostFields = 1000
    private static let nameBytes = 256

    init(_ text: String) throws(Problem) {
        for pair in text.pieces(between: "&") where !pair.isEmpty {
            let parts = pair.pieces(between: "=", atMost: 2)
            let name = Self.decoded(parts[0])
            let value = Self.decoded(parts.count == 2 ? parts[1] : "")
            guard let name, let value, name.utf8.count <= Self.nameBytes, fields.count < Self.mostFields else {
                throw .badRequest("The form could not be read.")
            }
            fields.append((ForeignText(name), value))
        }
    }

    /// A form that is filled in by the service.
    init(_ fields: [(String, String)]) {
        self.fields = fields.map { (ForeignText($0.0), $0.1) }
    }

    private static func decoded(_ text: Substring) -> String? {
        PercentEncoding.decode(Substring(text.replacingBytes(of: "+", with: " ")))
    }

    /// The text as typed, trimmed; nil if the form has no such field.
    func text(_ name: String) -> String? {
        fields.first { $0.name.text.sameBytes(as: name) }.map { Self.trimmed($0.value) }
    }

    /// Whether what somebody typed is a text that the form showed: browsers send line breaks as CRLF, and white space around
    /// it does not count.
    static func isUnchanged(_ typed: String, from shown: String) -> Bool {
        typed.replacingBytes(of: "\r\n", with: "\n")
            .sameBytes(as: trimmed(shown.replacingBytes(of: "\r\n", with: "\n")))
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }

    /// Nil for an empty field too.
    func filled(_ name: String) -> String? {
        text(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a field has exactly this value.
    func says(_ word: String, in name: String) -> Bool { text(name)?.sameBytes(as: word) ?? false }

    func has(_ name: String) -> Bool { fields.contains { $0.name.text.sameBytes(as: name) } }

    func all(_ name: String) -> [String] { fields.filter { $0.name.text.sameBytes(as: name) }.map(\.value) }

    func number(_ name: String) -> Int64? {
        text(name).flatMap { text in Int64(text).flatMap { text.sameBytes(as: String($0)) ? $0 : nil } }
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
