/// An id that Runbell makes: a UUID, version 7 (RFC 9562), so that ids sort by the time they were made. Databases keep its
/// 16 bytes, which sort as its text does.
package struct UniqueID<Subject>: Hashable, Comparable, Sendable {
    private let high: UInt64
    private let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a new id.
    package init(at time: Timestamp) {
        let (high, low) = UUIDVersion7.next(microseconds: time.microseconds)
        self.init(high: high, low: low)
    }

    package static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.high == rhs.high ? lhs.low < rhs.low : lhs.high < rhs.high
    }
}

/// Places in the order of ids.
extension UniqueID {
    /// Sorts before every other id.
    package static var least: UniqueID { UniqueID(high: .min, low: .min) }

    /// Sorts behind every other id.
    package static var greatest: UniqueID { UniqueID(high: .max, low: .max) }

    /// Sorts before every id made at that moment or later, and behind every earlier one: ids sort by their moments.
    package static func lowest(at time: Timestamp) -> UniqueID {
        UniqueID(high: UUIDVersion7.high(microseconds: time.microseconds), low: 0)
    }

    /// Sorts right behind this one.
    package var successor: UniqueID {
        low == .max ? UniqueID(high: high &+ 1, low: 0) : UniqueID(high: high, low: low + 1)
    }
}

/// As 16 bytes, most significant first. Each row that is written or read has some ids, so nothing is done byte by byte.
extension UniqueID {
    package static var byteCount: Int { 16 }

    package var bytes: [UInt8] {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) }
    }

    /// Nil unless there are 16.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        let words = bytes.withUnsafeBytes { bytes in
            (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self.init(high: UInt64(bigEndian: words.0), low: UInt64(bigEndian: words.1))
    }
}

/// As text: 36 characters, lower case, with hyphens.
extension UniqueID: CustomStringConvertible {
    /// Reads an id that somebody sent: 36 characters, lower case, hyphens in their places; otherwise nil.
    package init?(_ text: some StringProtocol) {
        guard let words = UUIDText.words(of: text) else { return nil }
        self.init(high: words.high, low: words.low)
    }

    package var text: String { UUIDText.text(high: high, low: low) }

    package var description: String { text }
}
