/// One text of a template, divided at its placeholders.
struct TemplateText {
    private enum Piece {
        case text(String)
        case placeholder(TemplateValues.Name)
    }

    private var pieces: [Piece] = []

    init(parsing text: String) throws(TemplateError) {
        let bytes = Array(text.utf8)
        var start = 0
        while let open = Self.place(of: "{{", in: bytes, from: start) {
            guard let close = Self.place(of: "}}", in: bytes, from: open + 2) else {
                throw TemplateError(message: "A placeholder begins with {{ and does not end with }}.")
            }
            append(bytes[start..<open])
            pieces.append(.placeholder(try Self.name(bytes[(open + 2)..<close])))
            start = close + 2
        }
        append(bytes[start...])
    }

    /// How many there are.
    var placeholders: Int {
        pieces.count { if case .placeholder = $0 { true } else { false } }
    }

    func filled(_ values: TemplateValues) -> JSONValue {
        if pieces.count == 1, case .placeholder(let name) = pieces[0] { return values[name] }
        return .string(pieces.map { Self.text(of: $0, values) }.joined())
    }

    private static func text(of piece: Piece, _ values: TemplateValues) -> String {
        switch piece {
        case .text(let text): text
        case .placeholder(let name):
            switch values[name] {
            case .string(let text): text
            case .integer(let number): String(number)
            default: ""
            }
        }
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        if !bytes.isEmpty { pieces.append(.text(String(decoding: bytes, as: UTF8.self))) }
    }

    private static func name(_ bytes: ArraySlice<UInt8>) throws(TemplateError) -> TemplateValues.Name {
        let word = String(decoding: bytes.filter { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        guard let name = TemplateValues.Name(word: word) else {
            let known = TemplateValues.Name.allCases.map(\.rawValue).joined(separator: ", ")
            throw TemplateError(
                message: "There is no placeholder {{\(DisplayText.cut(DisplayText.line(word), to: 40))}}. "
                    + "There are \(known).")
        }
        return name
    }

    private static func place(of mark: StaticString, in bytes: [UInt8], from start: Int) -> Int? {
        let byte = mark.utf8Start[0]
        guard bytes.count - start >= 2 else { return nil }
        return (start..<(bytes.count - 1)).first { bytes[$0] == byte && bytes[$0 + 1] == byte }
    }
}
