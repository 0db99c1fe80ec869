import HTTPTypes
import Notifications

/// `application/json`, in UTF-8 or without a charset: the only media type accepted for bodies. This also keeps out HTML
/// forms on other sites, which cannot send it.
enum MediaType {
    static func check(_ headers: HTTPFields) throws(Problem) {
        guard let text = headers[.contentType] else { throw refusal }
        if text.sameBytes(as: json) { return }
        guard headers[values: .contentType].count == 1 else {
            throw .badRequest("Exactly one Content-Type is required.")
        }
        let parts = text.lowercased().pieces(between: ";").map(trimmed)
        let isUTF8 = parts.dropFirst().allSatisfy { part in charsets.contains { $0.sameBytes(as: part) } }
        guard parts.count <= 2, parts[0].sameBytes(as: json), isUTF8 else { throw refusal }
    }

    private static let refusal = Problem.unsupportedMediaType("The body must be application/json in UTF-8.")
    private static let json = "application/json"
    private static let charsets = ["charset=utf-8", "charset=\"utf-8\""]

    private static func trimmed(_ text: Substring) -> String {
        var text = text.utf8[...]
        while let first = text.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") { text.removeFirst() }
        while let last = text.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }
}
