import HTTPTypes

/// `application/json`, in UTF-8 or without a charset: the only media type that bodies are taken in. Asking for exactly
/// this also keeps HTML forms of other sites away, which cannot send it.
enum MediaType {
    static func check(_ headers: HTTPFields) throws(Problem) {
        guard let text = headers[.contentType] else { throw refusal }
        if text == "application/json" { return }
        guard headers[values: .contentType].count == 1 else { throw .badRequest("Exactly one Content-Type is needed.") }
        let parts = text.lowercased().split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
        let parameters = parts.dropFirst()
        guard parts.first == "application/json", parameters.count <= 1, parameters.allSatisfy(charsets.contains) else {
            throw refusal
        }
    }

    private static let refusal = Problem.unsupportedMediaType("Bodies are taken as application/json in UTF-8 only.")
    private static let charsets = ["charset=utf-8", "charset=\"utf-8\""]

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
