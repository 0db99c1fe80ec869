import HTTPTypes
import Notifications

/// The media types of bodies: `application/json` nearly everywhere, in UTF-8 or without a charset. This also keeps out
/// HTML forms on other sites, which cannot send it.
package enum MediaType {
    static let ofMessages = [json, "text/plain", html]

    static func check(_ headers: HTTPFields, among taken: [String] = [json]) throws(Problem) {
        let refusal = Problem.unsupportedMediaType("The body must be \(taken.joined(separator: " or ")) in UTF-8.")
        guard let text = headers[.contentType] else { throw refusal }
        if text.sameBytes(as: json) { return }
        guard headers[values: .contentType].count == 1 else {
            throw .badRequest("Exactly one Content-Type is required.")
        }
        let parts = parts(of: text)
        let isUTF8 = parts.dropFirst().allSatisfy { part in charsets.contains { $0.sameBytes(as: part) } }
        guard parts.count <= 2, taken.contains(where: parts[0].sameBytes), isUTF8 else { throw refusal }
    }

    /// What the body of a request to a path that takes texts is, by headers that were checked.
    package enum Message {
        case json, text, html

        package init(_ headers: HTTPFields) {
            let type = headers[.contentType].map(MediaType.parts)?.first ?? MediaType.json
            self = type.sameBytes(as: MediaType.json) ? .json : type.sameBytes(as: MediaType.html) ? .html : .text
        }
    }

    private static let json = "application/json"
    private static let html = "text/html"
    private static let charsets = ["charset=utf-8", "charset=\"utf-8\""]

    /// The type and its parameters, in lower case. At least one.
    private static func parts(of text: String) -> [String] { text.lowercased().pieces(between: ";").map(trimmed) }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.utf8[...]
        while let first = text.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") { text.removeFirst() }
        while let last = text.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }
}
