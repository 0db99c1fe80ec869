/// What people read of HTML that somebody else wrote. The cost is linear in its length.
package struct HTMLText: Sendable {
    /// The text without markup: a line for each block, items of lists behind a dash, the addresses of links in
    /// parentheses behind their text.
    package let text: String
    /// The first address that it links to; may be anything.
    package let link: String?
    /// Whether it consists of nothing but text, formatting and links to web pages, written plainly and closed in order, so
    /// that a client of HipChat can be given it as it is: no scripts, styles, images or other attributes.
    package let isHarmless: Bool

    package init(_ html: String) {
        var scanner = HTMLScanner(Array(html.utf8))
        var text = HTMLTextWriter()
        var judge = HTMLJudge()
        while let piece = scanner.next() {
            judge.see(piece)
            switch piece {
            case .text(let bytes): text.write(HTMLCharacters.decoded(bytes))
            case .start(let tag):
                text.start(tag)
                if Self.holdsNoText.contains(where: tag.name.sameBytes) { scanner.skip(to: tag.name) }
            case .end(let tag): text.end(tag.name)
            case .other: break
            }
        }
        self.text = text.finished
        link = text.link
        // A character may also be written as its number.
        isHarmless = judge.isContent && ![html, self.text].contains(where: LineText.hasDeceiving)
    }

    /// Elements whose content is no text for people.
    private static let holdsNoText = ["script", "style", "title", "textarea", "iframe", "noscript", "template", "svg"]
}

/// Writes the text of HTML.
private struct HTMLTextWriter {
    private var bytes: [UInt8] = []
    /// White space has been read that becomes one space, unless a line begins or ends there.
    private var hasSpace = false
    private var preformatted = 0
    /// The link that is open, and where its text begins.
    private var anchor: (address: String, start: Int)?
    private(set) var link: String?

    var finished: String {
        var end = bytes[...]
        while let last = end.last, last.isBlank { end.removeLast() }
        return String(decoding: end, as: UTF8.self)
    }

    mutating func write(_ text: [UInt8]) {
        for byte in text {
            if preformatted == 0, byte.isBlank {
                hasSpace = true
            } else {
                if hasSpace, let last = bytes.last, last != Self.newline { bytes.append(UInt8(ascii: " ")) }
                hasSpace = false
                bytes.append(byte)
            }
        }
    }

    mutating func start(_ tag: HTMLScanner.Tag) {
        if tag.name.sameBytes(as: "br") { breakLine(isForced: true) }
        if tag.name.sameBytes(as: "img") { write(Array((tag["alt"] ?? "").utf8)) }
        if tag.name.sameBytes(as: "a") {
            endLink()
            anchor = tag["href"].map { ($0, bytes.count) }
        }
        startBlock(tag.name)
    }

    private mutating func startBlock(_ name: String) {
        if Self.cells.contains(where: name.sameBytes) { hasSpace = true }
        guard Self.blocks.contains(where: name.sameBytes) else { return }
        breakLine()
        if name.sameBytes(as: "li") { write(Array("- ".utf8)) }
        if name.sameBytes(as: "pre") { preformatted += 1 }
    }

    mutating func end(_ name: String) {
        if name.sameBytes(as: "a") { endLink() }
        if name.sameBytes(as: "pre") { preformatted = max(0, preformatted - 1) }
        if Self.blocks.contains(where: name.sameBytes) { breakLine() }
    }

    /// Empty lines stand only where breaks ask for them.
    private mutating func breakLine(isForced: Bool = false) {
        hasSpace = false
        guard let last = bytes.last, isForced || last != Self.newline else { return }
        bytes.append(Self.newline)
    }

    /// Appends the address, unless it is what the link's text says.
    private mutating func endLink() {
        guard let (address, start) = anchor else { return }
        anchor = nil
        link = link ?? address
        guard WebAddress.isWritten(address), !bytes[start...].trimmed.elementsEqual(address.utf8) else { return }
        write(Array(" (\(address))".utf8))
    }

    private static let newline = UInt8(ascii: "\n")
    private static let cells = ["td", "th"]
    private static let blocks = [
        "p", "div", "li", "ul", "ol", "tr", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
        "dl", "dt", "dd", "section", "article", "header", "footer",
    ]
}

extension ArraySlice<UInt8> {
    /// Without the white space before the first other byte.
    fileprivate var trimmed: ArraySlice<UInt8> { drop { $0.isBlank } }
}

/// Decides whether HTML is harmless.
private struct HTMLJudge {
    private var isFine = true
    /// The elements that are open.
    private var open: [String] = []

    /// Whether all that was seen is harmless, and whole.
    var isContent: Bool { isFine && open.isEmpty }

    mutating func see(_ piece: HTMLScanner.Piece) {
        switch piece {
        case .text(let bytes): isFine = isFine && bytes.allSatisfy(Self.isPlain)
        case .start(let tag): start(tag)
        case .end(let tag):
            let closes = open.popLast()?.sameBytes(as: tag.name) ?? false
            isFine = isFine && closes && tag.source.elementsEqual("</\(tag.name)>".utf8)
        case .other: isFine = false
        }
    }

    private mutating func start(_ tag: HTMLScanner.Tag) {
        let source = String(decoding: tag.source, as: UTF8.self)
        if Self.lineBreaks.contains(where: source.sameBytes) { return }
        open.append(tag.name)
        let isLink = tag.name.sameBytes(as: "a") && Self.isLink(tag, source)
        isFine = isFine && (isLink || Self.formatting.contains { source.sameBytes(as: "<\($0)>") })
    }

    /// Only as `<a href="ADDRESS">`, with an address that no client could read differently.
    private static func isLink(_ tag: HTMLScanner.Tag, _ source: String) -> Bool {
        guard tag.attributes.count == 1, let address = tag["href"], WebAddress.isLink(address) else { return false }
        let forms = [address, address.replacingBytes(of: "&", with: "&amp;")]
        return forms.contains { source.sameBytes(as: "<a href=\"\($0)\">") }
    }

    /// No `<` outside of tags, and no control characters.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte != UInt8(ascii: "<") && byte != 0x7F && (byte >= 0x20 || byte == 0x0A || byte == 0x09)
    }

    private static let lineBreaks = ["<br>", "<br/>", "<br />"]
    private static let formatting = [
        "b", "strong", "i", "em", "code", "pre", "ul", "ol", "li", "table", "tbody", "tr", "td", "th",
    ]
}
