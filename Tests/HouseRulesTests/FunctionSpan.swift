/// The lines of a function, found by its braces alone.
///
/// Measured are every `func`, `init`, `deinit` and `subscript` with a body, from the line with that word to the line of
/// the closing brace, including closures and nested functions. Computed properties and stored closures are not.
struct FunctionSpan: Sendable {
    let firstLine: Int
    let lastLine: Int
    var length: Int { lastLine - firstLine + 1 }

    static func all(in code: [String]) -> [FunctionSpan] {
        code.indices.flatMap { line in
            starts(in: code[line]).compactMap { span(in: code, line: line, column: $0) }
        }
    }

    /// The columns after the words that begin a function in a line.
    private static func starts(in line: String) -> [Int] {
        guard line.contains("func") || line.contains("init") || line.contains("subscript") else { return [] }
        let words: Set<String> = ["func", "init", "deinit", "subscript"]
        var found: [Int] = []
        var word = ""
        var previous: Character = " "
        for (column, character) in (line + " ").enumerated() {
            if character.isLetter || character.isNumber || character == "_" {
                if word.isEmpty, previous == "." || previous == "`" { word = "." }
                word.append(character)
            } else {
                if words.contains(word) { found.append(column) }
                word = ""
            }
            previous = character
        }
        return found
    }

    /// From a function's word to the end of its body; nil for a protocol requirement, which has no body.
    private static func span(in code: [String], line first: Int, column: Int) -> FunctionSpan? {
        var parentheses = 0
        var braces = 0
        for line in first..<code.count {
            let characters = Array(code[line].utf8)
            if line > first, braces == 0, parentheses == 0, endsDeclaration(code[line]) { return nil }
            for byte in characters.dropFirst(line == first ? column : 0) {
                switch byte {
                case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
                case UInt8(ascii: "{") where parentheses == 0 || braces > 0: braces += 1
                case UInt8(ascii: "}") where braces > 0:
                    braces -= 1
                    if braces == 0 { return FunctionSpan(firstLine: first + 1, lastLine: line + 1) }
                case UInt8(ascii: "}") where parentheses == 0: return nil
                default: break
                }
            }
        }
        return nil
    }

    /// A line that cannot be part of the preceding function's head.
    private static func endsDeclaration(_ line: String) -> Bool {
        let words = line.split { !$0.isLetter }
        let beginners: Set<Substring> = [
            "func", "var", "let", "init", "static", "package", "private", "associatedtype", "case",
        ]
        return words.first.map(beginners.contains) ?? line.allSatisfy(\.isWhitespace)
    }
}
