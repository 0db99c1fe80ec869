/// Swift source with the contents of its comments and string literals blanked out, line by line, so that words and
/// braces in them are not taken for code. The contents of `\(…)` in a literal are blanked out too.
enum SwiftCode {
    static func lines(of text: String) -> [String] {
        var scanner = Scanner(text: Array(text.utf8))
        scanner.run()
        return scanner.code.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

private struct Scanner {
    let text: [UInt8]
    var code: [UInt8] = []
    var position = 0

    init(text: [UInt8]) {
        self.text = text
        code.reserveCapacity(text.count)
    }

    mutating func run() {
        while position < text.count {
            let byte = text[position]
            if byte != UInt8(ascii: "/"), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "#") {
                code.append(byte)
                position += 1
            } else if starts(with: "//") {
                blank(until: "\n", keepsEnd: true)
            } else if starts(with: "/*") {
                blankComment()
            } else if let literal = literalStart() {
                blankLiteral(hashes: literal.hashes, isMultiline: literal.isMultiline)
            } else {
                code.append(text[position])
                position += 1
            }
        }
    }

    private func starts(with word: String, at place: Int? = nil) -> Bool {
        text[min(place ?? position, text.count)...].starts(with: word.utf8)
    }

    private mutating func blankOne() {
        code.append(text[position] == UInt8(ascii: "\n") ? UInt8(ascii: "\n") : UInt8(ascii: " "))
        position += 1
    }

    private mutating func blank(until end: String, keepsEnd: Bool) {
        while position < text.count, !starts(with: end) { blankOne() }
        guard !keepsEnd else { return }
        for _ in end.utf8 where position < text.count { blankOne() }
    }

    /// Comments nest in Swift.
    private mutating func blankComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") { depth += 1 } else if starts(with: "*/") { depth -= 1 }
            blankOne()
        } while position < text.count && depth > 0
        if position < text.count { blankOne() }
    }

    private func literalStart() -> (hashes: Int, isMultiline: Bool)? {
        let hashes = text[position...].prefix { $0 == UInt8(ascii: "#") }.count
        guard starts(with: "\"", at: position + hashes) else { return nil }
        return (hashes, starts(with: "\"\"\"", at: position + hashes))
    }

    private mutating func blankLiteral(hashes: Int, isMultiline: Bool) {
        let fence = String(repeating: "#", count: hashes)
        let quotes = isMultiline ? "\"\"\"" : "\""
        for _ in 0..<(hashes + quotes.utf8.count) { blankOne() }
        while position < text.count, !starts(with: quotes + fence) {
            if starts(with: "\\" + fence + "(") {
                blankInterpolation(escape: 1 + hashes)
            } else {
                let isEscape = hashes == 0 && text[position] == UInt8(ascii: "\\")
                blankOne()
                if isEscape, position < text.count { blankOne() }
            }
        }
        for _ in 0..<(hashes + quotes.utf8.count) where position < text.count { blankOne() }
    }

    private mutating func blankInterpolation(escape: Int) {
        for _ in 0..<escape { blankOne() }
        var depth = 0
        repeat {
            if let literal = literalStart() {
                blankLiteral(hashes: literal.hashes, isMultiline: literal.isMultiline)
                continue
            }
            if text[position] == UInt8(ascii: "(") { depth += 1 }
            if text[position] == UInt8(ascii: ")") { depth -= 1 }
            blankOne()
        } while position < text.count && depth > 0
    }
}
