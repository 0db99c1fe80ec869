/// The text form of a UUID (RFC 9562, section 4), in lower case only.
enum UUIDText {
    private static let length = 36

    /// Whether there is a hyphen at that position.
    private static func isHyphen(_ place: Int) -> Bool { place == 8 || place == 13 || place == 18 || place == 23 }

    static func text(high: UInt64, low: UInt64) -> String {
        String(unsafeUninitializedCapacity: length) { buffer in
            var nibble = 0
            for place in 0..<length {
                guard !isHyphen(place) else {
                    buffer[place] = UInt8(ascii: "-")
                    continue
                }
                let word = nibble < 16 ? high : low
                buffer[place] = Hexadecimal.digit(UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (nibble % 16))))
                nibble += 1
            }
            return length
        }
    }

    /// Nil unless the text is a UUID.
    static func words(of text: some StringProtocol) -> (high: UInt64, low: UInt64)? {
        let bytes = text.utf8
        guard bytes.count == length else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for (place, byte) in bytes.enumerated() {
            if isHyphen(place) {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let nibble = Hexadecimal.value(byte) else { return nil }
                // Bits shifted out of the low word move into the high one.
                high = high << 4 | low >> 60
                low = low << 4 | UInt64(nibble)
            }
        }
        return (high, low)
    }
}
