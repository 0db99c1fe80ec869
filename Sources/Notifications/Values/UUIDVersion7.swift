import Synchronization

/// New UUIDs of version 7 (RFC 9562, section 5.7), as two words.
enum UUIDVersion7 {
    /// Milliseconds since 1970 in the first 48 bits, the fraction of the millisecond in the next 12 (section 6.2,
    /// method 3), so that ids sort by microsecond, then 62 bits that rise among the ids of one microsecond.
    static func next(microseconds: Int64) -> (high: UInt64, low: UInt64) {
        let high = high(microseconds: microseconds)
        return (high, 0x8000_0000_0000_0000 | tail.withLock { $0.next(at: high) })
    }

    private static let tail = Mutex(RisingTail())

    /// The high word of all ids of that microsecond.
    static func high(microseconds: Int64) -> UInt64 {
        let (milliseconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1000)
        return UInt64(bitPattern: milliseconds) << 16 | 0x7000 | UInt64(max(0, rest)) * 4096 / 1000
    }

    /// The microsecond in the high word of an id.
    static func microseconds(high: UInt64) -> Int64 {
        Int64(high >> 16) * 1000 + Int64((high & 0xFFF) * 1000 + 4095) / 4096
    }
}
