/// The positions of an entry's parts in a file's bytes. Reading only finds positions: a file may have a million lines,
/// and what is hashed are the bytes in it.
struct AuditLine {
    let organizationID: Range<Int>
    let sequence: Range<Int>
    let at: Range<Int>
    let actor: Text
    let action: Text
    let target: Text
    let detail: Range<Int>
    let previousHash: Range<Int>
    let hash: Range<Int>
    /// Nil in entries from before origins were recorded.
    let origin: Origin?

    struct Origin {
        let keyID: Text
        let source: Text
        let mac: Range<Int>
    }

    /// A string without its quotes.
    struct Text {
        let place: Range<Int>
        let hasEscapes: Bool
    }

    /// Nil unless the line is exactly as `AuditExport.line` writes one. The detail is not parsed; the hash covers its
    /// bytes.
    init?(_ bytes: [UInt8], _ line: Range<Int>) {
        var scanner = AuditLineScanner(bytes: bytes, position: line.lowerBound, end: line.upperBound)
        guard scanner.take(#"{"organization_id":"#), let organizationID = scanner.integer(),
            scanner.take(#","sequence":"#), let sequence = scanner.integer(),
            scanner.take(#","at":"#), let at = scanner.text(), !at.hasEscapes,
            scanner.take(#","actor":"#), let actor = scanner.text()
        else { return nil }
        let origin = scanner.origin()
        guard scanner.take(#","action":"#), let action = scanner.text(),
            scanner.take(#","target":"#), let target = scanner.text(),
            scanner.take(#","detail":"#)
        else { return nil }
        // Everything after the detail has a fixed length.
        let detail = scanner.position
        scanner.position = line.upperBound - Self.tail - (origin == nil ? 0 : Self.macTail)
        let end = scanner.position
        guard end > detail, let tail = scanner.tail(hasMAC: origin != nil) else { return nil }
        self.origin = origin.flatMap { origin in
            tail.mac.map { Origin(keyID: origin.keyID, source: origin.source, mac: $0) }
        }
        self.organizationID = organizationID
        self.sequence = sequence
        self.at = at.place
        self.actor = actor
        self.action = action
        self.target = target
        self.detail = detail..<end
        self.previousHash = tail.previous
        self.hash = tail.hash
    }

    private static let tail = #","previous_hash":"","hash":""}"#.utf8.count + 2 * 64
    private static let macTail = #"","mac":""#.utf8.count + 64
}

/// Scans a line's bytes.
struct AuditLineScanner {
    let bytes: [UInt8]
    var position: Int
    let end: Int

    mutating func take(_ literal: StaticString) -> Bool {
        let count = literal.utf8CodeUnitCount
        guard position + count <= end else { return false }
        for offset in 0..<count where bytes[position + offset] != literal.utf8Start[offset] { return false }
        position += count
        return true
    }

    /// Nil when there is none, or only part of one: then the next `take` fails.
    mutating func origin() -> (keyID: AuditLine.Text, source: AuditLine.Text)? {
        guard take(#","key_id":"#), let keyID = text(), take(#","source":"#), let source = text() else { return nil }
        return (keyID, source)
    }

    /// Everything after the detail.
    mutating func tail(hasMAC: Bool) -> (previous: Range<Int>, hash: Range<Int>, mac: Range<Int>?)? {
        guard take(#","previous_hash":""#), let previous = hash(), take(#"","hash":""#), let own = hash() else {
            return nil
        }
        var mac: Range<Int>?
        if hasMAC {
            guard take(#"","mac":""#), let found = hash() else { return nil }
            mac = found
        }
        return take(#""}"#) && position == end ? (previous, own, mac) : nil
    }

    /// A whole number in its canonical spelling.
    mutating func integer() -> Range<Int>? {
        let start = position
        if position < end, bytes[position] == UInt8(ascii: "-") { position += 1 }
        let digits = position
        while position < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
        let count = position - digits
        let isCanonical = count == 1 || count > 1 && bytes[digits] != UInt8(ascii: "0")
        return isCanonical ? start..<position : nil
    }

    mutating func text() -> AuditLine.Text? {
        guard position < end, bytes[position] == UInt8(ascii: "\"") else { return nil }
        position += 1
        let start = position
        var hasEscapes = false
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return AuditLine.Text(place: start..<position - 1, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                position += 2
            case 0..<0x20: return nil
            default: position += 1
            }
        }
        return nil
    }

    /// 64 characters; comparing them shows whether they are hexadecimal digits.
    mutating func hash() -> Range<Int>? {
        guard position + 64 <= end else { return nil }
        position += 64
        return position - 64..<position
    }
}
