extension JSONValue {
    /// The value on one line for people and terminals: deceptive characters (`LineText`) and control characters are
    /// escaped: a terminal may take U+009B for the beginning of a command. For programs it is equivalent to `compactBytes`.
    package var shownBytes: [UInt8] {
        let bytes = compactBytes
        guard !bytes.allSatisfy({ $0 < 0x7F }) else { return bytes }
        var shown: [UInt8] = []
        shown.reserveCapacity(bytes.count + 32)
        var previous: Unicode.Scalar = " "
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if (0x7F..<0xA0).contains(scalar.value) || LineText.isDeceiving(scalar, behind: previous) {
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter { shown.append(escaped: unit) }
            } else {
                shown.append(contentsOf: scalar.utf8)
            }
            previous = scalar
        }
        return shown
    }
}

extension [UInt8] {
    fileprivate mutating func append(escaped unit: UInt16) {
        append(contentsOf: "\\u".utf8)
        for shift in [12, 8, 4, 0] { append(Hexadecimal.digit(UInt8(truncatingIfNeeded: unit >> UInt16(shift)))) }
    }
}

extension Unicode.Scalar {
    fileprivate var utf8: some Sequence<UInt8> { String(self).utf8 }
}
