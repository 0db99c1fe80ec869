/// Why a text is not accepted as JSON.
package struct JSONError: Error, Equatable, Sendable {
    /// A whole sentence that contains nothing of the text itself.
    package let message: String
}

extension JSONValue {
    /// Reads one JSON document strictly: UTF-8 without a byte order mark, no duplicate keys (compared after
    /// unescaping), no trailing comma, no NUL character, no lone surrogate, nothing after the document. Foundation's
    /// decoder accepts all of these, which is how two readers of one message come to different conclusions (RFC 8259,
    /// section 4).
    package static func parse(_ bytes: some Collection<UInt8>, limits: JSONLimits = .standard) throws(JSONError)
        -> JSONValue
    {
        let text = Array(bytes)
        guard !text.isEmpty else { throw JSONError(message: "The body is empty.") }
        guard !text.starts(with: [0xEF, 0xBB, 0xBF]) else {
            throw JSONError(message: "The JSON text must not begin with a byte order mark.")
        }
        guard isUTF8(text) else { throw JSONError(message: "The text is not valid UTF-8.") }
        var parser = JSONParser(text: text, limits: limits)
        return try parser.document()
    }

    private static func isUTF8(_ text: [UInt8]) -> Bool {
        do {
            _ = try UTF8Span(validating: text.span)
            return true
        } catch {
            return false
        }
    }
}

/// Limits on a document, so that a hostile one costs little.
package struct JSONLimits: Sendable {
    package var depth: Int
    /// Members and elements in the whole document.
    package var items: Int
    /// Bytes of a member's name, after unescaping.
    package var name: Int

    package init(depth: Int = 32, items: Int = 20_000, name: Int = 256) {
        self.depth = depth
        self.items = items
        self.name = name
    }

    package static let standard = JSONLimits()
}

/// One pass over valid UTF-8.
private struct JSONParser {
    let text: [UInt8]
    let limits: JSONLimits
    var position = 0
    var items = 0

    init(text: [UInt8], limits: JSONLimits) {
        self.text = text
        self.limits = limits
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipWhiteSpace()
        guard position == text.count else { throw error("Unexpected data after the JSON document") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= limits.depth else {
            throw JSONError(message: "The JSON is nested deeper than \(limits.depth) levels.")
        }
        skipWhiteSpace()
        guard let byte = peek() else { throw error("The JSON ends unexpectedly") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var members: [JSONObject.Member] = []
        var names = MemberNames()
        skipWhiteSpace()
        if take("}") { return .object(JSONObject()) }
        while true {
            skipWhiteSpace()
            guard peek() == UInt8(ascii: "\"") else {
                throw error("A member must begin with its name in double quotes")
            }
            let name = try name()
            guard names.isNew(name, among: members) else { throw error("Duplicate member name in an object") }
            skipWhiteSpace()
            guard take(":") else { throw error("Expected a colon") }
            members.append(.init(name: name, value: try value(depth: depth + 1)))
            try count()
            skipWhiteSpace()
            if take("}") { return .object(JSONObject(members)) }
            guard take(",") else { throw error("Expected a comma or a closing brace") }
        }
    }

    private mutating func name() throws(JSONError) -> ForeignText {
        let text = try string()
        guard text.utf8.count <= limits.name else {
            throw error("A member name is longer than \(limits.name) bytes")
        }
        return ForeignText(text)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipWhiteSpace()
        if take("]") { return .array([]) }
        while true {
            elements.append(try value(depth: depth + 1))
            try count()
            skipWhiteSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw error("Expected a comma or a closing bracket") }
        }
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if take("\"") { return String(decoding: text[start..<position - 1], as: UTF8.self) }
        var characters = Array(text[start..<position])
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: characters, as: UTF8.self)
            case UInt8(ascii: "\\"): characters.append(contentsOf: try escaped().utf8)
            case 0..<0x20: throw error("Unescaped control character in a string")
            default: characters.append(byte)
            }
        }
        throw error("Unterminated string")
    }

    private mutating func escaped() throws(JSONError) -> Character {
        guard let byte = peek() else { throw error("The JSON ends unexpectedly") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Character(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try unicodeEscape())
        default: throw error("Unknown escape sequence")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        var code = try fourHexadecimalDigits()
        if (0xD800...0xDBFF).contains(code) {
            guard take("\\"), take("u") else { throw error("Unpaired surrogate") }
            let low = try fourHexadecimalDigits()
            guard (0xDC00...0xDFFF).contains(low) else { throw error("Unpaired surrogate") }
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw error("Unpaired surrogate") }
        guard code != 0 else { throw error("The NUL character is not allowed") }
        return scalar
    }

    private mutating func fourHexadecimalDigits() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = peek().flatMap(\.hexadecimalValue) else {
                throw error("\\u must be followed by four hexadecimal digits")
            }
            code = code << 4 | digit
            position += 1
        }
        return code
    }

    /// Minus zero is read as the whole number 0.
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        _ = take("-")
        guard let first = peek(), first.isDigit else { throw error("Not a JSON value") }
        position += 1
        if first != UInt8(ascii: "0") { skipDigits() }
        let isWhole = try !takeFractionOrExponent()
        if let byte = peek(), byte.isPartOfJSONNumber { throw error("Invalid number") }
        guard position - start <= 40 else { throw error("A number is longer than 40 characters") }
        let digits = String(decoding: text[start..<position], as: UTF8.self)
        if isWhole {
            guard let integer = Int64(digits) else { throw error("An integer does not fit in 64 bits") }
            return .integer(integer)
        }
        guard let double = Double(digits), double.isFinite else { throw error("A number is too large") }
        return .number(double)
    }

    private mutating func takeFractionOrExponent() throws(JSONError) -> Bool {
        var taken = false
        if take(".") {
            try takeDigits()
            taken = true
        }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try takeDigits()
            taken = true
        }
        return taken
    }

    private mutating func takeDigits() throws(JSONError) {
        guard let byte = peek(), byte.isDigit else { throw error("Invalid number") }
        skipDigits()
    }

    private mutating func skipDigits() {
        while let byte = peek(), byte.isDigit { position += 1 }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        let matches = end <= text.count && word.withUTF8Buffer { $0.elementsEqual(text[position..<end]) }
        guard matches else { throw error("Not a JSON value") }
        position = end
        return value
    }

    private mutating func count() throws(JSONError) {
        items += 1
        guard items <= limits.items else { throw JSONError(message: "The JSON has more than \(limits.items) items.") }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func peek() -> UInt8? {
        position < text.count ? text[position] : nil
    }

    private func error(_ message: String) -> JSONError {
        JSONError(message: "\(message) (at byte \(position)).")
    }
}

/// The names of an object's members so far. A few are compared one by one; many go into a set, so that the cost stays
/// linear.
private struct MemberNames {
    private var set: Set<ForeignText> = []

    mutating func isNew(_ name: ForeignText, among members: [JSONObject.Member]) -> Bool {
        if members.count < 16 { return !members.contains { $0.name == name } }
        if set.isEmpty { set = Set(members.map(\.name)) }
        return set.insert(name).inserted
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }

    fileprivate var isPartOfJSONNumber: Bool {
        switch self {
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): true
        default: isDigit
        }
    }

    fileprivate var hexadecimalValue: UInt32? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
