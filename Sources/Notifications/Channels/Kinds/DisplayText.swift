/// Makes text that users wrote safe to display.
package enum DisplayText {
    /// One line: control characters and line breaks become spaces, and invisible characters are dropped, including
    /// those that change the text direction, so that a name cannot rearrange the words around it.
    package static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isBreaking) || LineText.hasDeceiving(text) else { return text }
        var line = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if isBreaking(scalar) {
                line.append(" ")
            } else if !LineText.isDeceiving(scalar, behind: previous) {
                line.append(scalar)
            }
            previous = scalar
        }
        return String(line)
    }

    /// Several lines, each as `line` makes it.
    package static func lines(_ text: String) -> String {
        text.pieces(between: "\n").map { line(String($0)) }.joined(separator: "\n")
    }

    /// Escapes a text and limits it to `limit` UTF-16 units: a longer text ends with an ellipsis after a whole grapheme
    /// cluster. Services count code points or UTF-16 units, and there are never fewer of the latter.
    package static func cut(
        _ text: String, to limit: Int, escaping escape: @escaping (Unicode.Scalar) -> String? = { _ in nil }
    ) -> String {
        prefix(of: text.lazy.map { escaped($0.unicodeScalars, escape) }, limit)
            // A single character can exceed the limit: a letter with thousands of accents. Then cut between its code
            // points.
            ?? prefix(of: text.unicodeScalars.lazy.map { escaped(CollectionOfOne($0), escape) }, limit)
            ?? "…"
    }

    /// Nil if not even one piece and the ellipsis fit.
    private static func prefix(of pieces: some Sequence<String>, _ limit: Int) -> String? {
        var whole = ""
        var shortened = ""
        var size = 0
        for piece in pieces {
            size += piece.utf16.count
            if size > limit { return shortened.isEmpty ? nil : shortened + "…" }
            whole += piece
            if size < limit { shortened = whole }
        }
        return whole
    }

    private static func escaped(
        _ scalars: some Sequence<Unicode.Scalar>, _ escape: (Unicode.Scalar) -> String?
    ) -> String {
        scalars.reduce(into: "") { $0 += escape($1) ?? String($1) }
    }

    private static func isBreaking(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }
}
