/// The last 62 bits of ids (RFC 9562, section 6.2, method 2): each is greater than the one before by a random step.
/// Rows written together are then stored together, while random ids would scatter over all pages of the database. Ids
/// are not secrets, yet one cannot be guessed from the one before.
struct RisingTail {
    private static let longestStep: UInt64 = 1 << 32

    /// Half of the last random number: asking the kernel costs more than all else here.
    private var spare: UInt32?

    private var newest: UInt64 = 0
    private var last = UInt64.random(in: 0..<1 << 61)

    /// The tail of the next id at that moment. For a new moment it restarts far from the end of its range, so that all
    /// ids of one moment rise.
    mutating func next(at moment: UInt64) -> UInt64 {
        let mayBeginAnew = moment > newest && last >= 1 << 61
        if mayBeginAnew || last >= (1 << 62) - Self.longestStep { last = .random(in: 0..<1 << 61) }
        newest = max(newest, moment)
        last += 1 + UInt64(draw())
        return last
    }

    private mutating func draw() -> UInt32 {
        if let half = spare {
            spare = nil
            return half
        }
        let number = UInt64.random(in: .min ... .max)
        spare = UInt32(truncatingIfNeeded: number >> 32)
        return UInt32(truncatingIfNeeded: number)
    }
}
