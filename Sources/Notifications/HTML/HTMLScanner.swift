/// Cuts HTML into tags and the text between them, as browsers do with what is not nested as it should be (WHATWG HTML,
/// section 13.2.5, without its rarer states). Whatever the input, each byte is looked at a fixed number of times.
struct HTMLScanner: Sequence, IteratorProtocol {
    enum Piece {
        /// Between tags, with its character references.
        case text(ArraySlice<UInt8>)
        case start(Tag)
        case end(Tag)
        /// A comment, a declaration, or a tag that does not end.
        case other
    }

    struct Tag {
        /// In lower case.
        var name = ""
        /// Names in lower case, values decoded.
        var attributes: [(name: String, value: String)] = []
        /// As it was written, from `<` to `>`.
        var source = ArraySlice<UInt8>()

        /// An attribute's value; nil if there is none.
        subscript(_ name: String) -> String? { attributes.first { $0.name.sameBytes(as: name) }?.value }
    }

    private var rest: ArraySlice<UInt8>

    init(_ html: [UInt8]) {
        rest = html[...]
    }

    mutating func next() -> Piece? {
        guard let first = rest.first else { return nil }
        return (first == Byte.less ? markup() : nil) ?? text()
    }

    /// Drops the text of an element whose content is no HTML, up to its end tag.
    mutating func skip(to name: String) {
        let end = Array("</\(name)".utf8)
        while let start = rest.firstIndex(of: Byte.less) {
            rest = rest[start...]
            if rest.prefix(end.count).map(\.inLowerCase) == end { return }
            rest.removeFirst()
        }
        rest = rest[rest.endIndex...]
    }

    /// A `<` that begins no tag is text, too.
    private mutating func text() -> Piece {
        let end = rest.dropFirst().firstIndex(of: Byte.less) ?? rest.endIndex
        defer { rest = rest[end...] }
        return .text(rest[..<end])
    }

    /// Nil if the `<` is text.
    private mutating func markup() -> Piece? {
        let second = rest.dropFirst().first ?? 0
        let third = rest.dropFirst(2).first ?? 0
        if second.isLetter { return tag(from: 1).map(Piece.start) ?? .other }
        if second == Byte.slash, third.isLetter { return tag(from: 2).map(Piece.end) ?? .other }
        guard second == Byte.slash || second == Byte.exclamation || second == Byte.question else { return nil }
        let isComment = rest.starts(with: "<!--".utf8)
        drop(through: isComment ? Array("-->".utf8) : [Byte.greater])
        return .other
    }

    /// Nil, and nothing is left, if the tag does not end.
    private mutating func tag(from offset: Int) -> Tag? {
        let whole = rest
        rest = rest.dropFirst(offset)
        var tag = Tag(name: take { !$0.isBlank && $0 != Byte.slash && $0 != Byte.greater }.lowercased())
        while let byte = rest.first {
            if byte == Byte.greater {
                rest.removeFirst()
                tag.source = whole[..<rest.startIndex]
                return tag
            }
            if byte.isBlank || byte == Byte.slash {
                rest.removeFirst()
            } else if let attribute = attribute() {
                tag.attributes.append(attribute)
            }
        }
        return nil
    }

    /// Nil, and nothing is left, if its value does not end.
    private mutating func attribute() -> (name: String, value: String)? {
        // Its first byte may be anything, even `=`.
        let first = String(decoding: [rest.removeFirst()], as: UTF8.self)
        let name = (first + take { !$0.isBlank && !"=/>".utf8.contains($0) }).lowercased()
        _ = take { $0.isBlank }
        guard rest.first == Byte.equals else { return (name, "") }
        rest.removeFirst()
        _ = take { $0.isBlank }
        guard let quote = rest.first, quote == Byte.quote || quote == Byte.apostrophe else {
            return (name, HTMLCharacters.decoded(take { !$0.isBlank && $0 != Byte.greater }))
        }
        rest.removeFirst()
        let value = take { $0 != quote }
        guard rest.popFirst() != nil else { return nil }
        return (name, HTMLCharacters.decoded(value))
    }

    private mutating func take(while isWanted: (UInt8) -> Bool) -> String {
        let taken = rest.prefix(while: isWanted)
        rest = rest[taken.endIndex...]
        return String(decoding: taken, as: UTF8.self)
    }

    private mutating func drop(through end: [UInt8]) {
        while !rest.isEmpty {
            if rest.starts(with: end) {
                rest = rest.dropFirst(end.count)
                return
            }
            rest.removeFirst()
        }
    }

    private enum Byte {
        static let less = UInt8(ascii: "<")
        static let greater = UInt8(ascii: ">")
        static let slash = UInt8(ascii: "/")
        static let exclamation = UInt8(ascii: "!")
        static let question = UInt8(ascii: "?")
        static let equals = UInt8(ascii: "=")
        static let quote = UInt8(ascii: "\"")
        static let apostrophe = UInt8(ascii: "'")
    }
}

extension UInt8 {
    /// HTML's white space.
    var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) && self != 0x0B }

    fileprivate var isLetter: Bool { (0x61...0x7A).contains(inLowerCase) }

    fileprivate var inLowerCase: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
