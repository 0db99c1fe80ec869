import Synchronization

/// The text form of a UUID (RFC 9562, section 4).
enum UUIDText {
    /// Milliseconds since 1970 in the first 48 bits, the fraction of the millisecond in the next 12 (section 6.2,
    /// method 3), so that ids sort by the microsecond, then 62 bits that rise among the ids of one microsecond.
    static func version7(microseconds: Int64) -> String {
        let high = high(microseconds)
        return text(high: high, low: 0x8000_0000_0000_0000 | tail.withLock { $0.next(at: high) })
    }

    private static let tail = Mutex(RisingTail())

    /// No id of that microsecond or a later one sorts before it.
    static func lowest(microseconds: Int64) -> String {
        text(high: high(microseconds), low: 0)
    }

    private static func high(_ microseconds: Int64) -> UInt64 {
        let (milliseconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1000)
        return UInt64(bitPattern: milliseconds) << 16 | 0x7000 | UInt64(max(0, rest)) * 4096 / 1000
    }

    static func isCanonical(_ text: some StringProtocol) -> Bool {
        let bytes = text.utf8
        guard bytes.count == 36 else { return false }
        return bytes.enumerated().allSatisfy { index, byte in
            switch index {
            case 8, 13, 18, 23: byte == UInt8(ascii: "-")
            default: isLowerHexadecimal(byte)
            }
        }
    }

    private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func text(high: UInt64, low: UInt64) -> String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = nibble < 16 ? high : low
                buffer[position] = Hexadecimal.digit(UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (nibble % 16))))
                position += 1
            }
            return position
        }
    }
}
