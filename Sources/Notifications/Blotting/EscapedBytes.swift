/// Decoded bytes, with the position of each in the original text.
struct EscapedBytes {
    private(set) var bytes: [UInt8]
    private(set) var starts: [Int]
    private var textEnd: Int

    init(_ text: [UInt8]) {
        bytes = text
        starts = Array(text.indices)
        textEnd = text.count
    }

    /// The end of the byte's spelling in the original text.
    func end(of position: Int) -> Int {
        position + 1 < starts.count ? starts[position + 1] : textEnd
    }

    /// Decodes `%2F`, `\/`, `\u002f`, `&amp;`, `&#47;` and `&#x2f;` once.
    func decoded() -> EscapedBytes {
        guard bytes.contains(where: Self.beginsEscape) else { return self }
        var result = self
        result.bytes.removeAll(keepingCapacity: true)
        result.starts.removeAll(keepingCapacity: true)
        var position = 0
        while position < bytes.count {
            let (byte, length) = escape(at: position) ?? (bytes[position], 1)
            result.bytes.append(byte)
            result.starts.append(starts[position])
            position += length
        }
        return result
    }

    private static func beginsEscape(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "&")
    }

    /// The byte that an escape stands for, and the escape's length; nil if there is none.
    private func escape(at place: Int) -> (UInt8, Int)? {
        switch bytes[place] {
        case UInt8(ascii: "%"): number(place + 1, digits: 2, radix: 16).map { ($0, 3) }
        case UInt8(ascii: "\\"): jsonEscape(at: place)
        case UInt8(ascii: "&"): entity(at: place)
        default: nil
        }
    }

    private func jsonEscape(at place: Int) -> (UInt8, Int)? {
        guard place + 1 < bytes.count else { return nil }
        let next = bytes[place + 1]
        switch next {
        case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "\""): return (next, 2)
        case UInt8(ascii: "u"):
            guard number(place + 2, digits: 2, radix: 16) == 0 else { return nil }
            return number(place + 4, digits: 2, radix: 16).map { ($0, 6) }
        default: return nil
        }
    }

    private static let names: [(StaticString, UInt8)] = [
        ("amp;", UInt8(ascii: "&")), ("lt;", UInt8(ascii: "<")), ("gt;", UInt8(ascii: ">")),
        ("quot;", UInt8(ascii: "\"")), ("apos;", UInt8(ascii: "'")),
    ]

    private func entity(at place: Int) -> (UInt8, Int)? {
        for (name, byte) in Self.names where begins(with: name, at: place + 1) {
            return (byte, name.utf8CodeUnitCount + 1)
        }
        guard begins(with: "#", at: place + 1) else { return nil }
        let isHexadecimal = begins(with: "x", at: place + 2) || begins(with: "X", at: place + 2)
        let start = place + (isHexadecimal ? 3 : 2)
        // A byte has at most three digits; references with further leading zeros are left alone.
        let end = bytes[min(start, bytes.count)..<min(start + 4, bytes.count)].firstIndex(of: UInt8(ascii: ";"))
        guard let end, end > start, let byte = number(start, digits: end - start, radix: isHexadecimal ? 16 : 10) else {
            return nil
        }
        return (byte, end + 1 - place)
    }

    private func begins(with name: StaticString, at place: Int) -> Bool {
        guard place + name.utf8CodeUnitCount <= bytes.count else { return false }
        return (0..<name.utf8CodeUnitCount).allSatisfy { bytes[place + $0] == name.utf8Start[$0] }
    }

    private func number(_ place: Int, digits: Int, radix: UInt16) -> UInt8? {
        guard place + digits <= bytes.count else { return nil }
        var value: UInt16 = 0
        for byte in bytes[place..<place + digits] {
            guard let digit = Self.digit(byte), digit < radix else { return nil }
            value = value * radix + digit
        }
        return UInt8(exactly: value)
    }

    private static func digit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
