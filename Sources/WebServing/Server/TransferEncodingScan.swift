/// Scans what a client sends for a `Transfer-Encoding` in an unusual spelling. Accepted is only the name at the
/// beginning of a line, a colon, optional spaces, `chunked`, and the end of the line. Other parsers read a tab or a
/// list there differently from ours, and then disagree about where a request ends (request smuggling). A pure value
/// that takes the bytes as they arrive, in chunks of any size.
///
/// It does not distinguish bodies from heads: a text in a body may have such a line (`TransferEncodingGuard`).
struct TransferEncodingScan {
    private enum Place {
        case elsewhere
        /// How many bytes of the name and the colon have matched.
        case name(Int)
        case blanks
        case word(Int)
    }

    private static let name = Array("transfer-encoding:".utf8)
    private static let word = Array("chunked".utf8)

    private var place = Place.elsewhere

    /// Where the first unusual spelling departs from the accepted one; nil if there is none. The bytes behind it are not
    /// taken yet. Most bytes are only searched for line ends.
    mutating func unusual<Bytes: Collection<UInt8>>(in bytes: Bytes) -> Bytes.Index? {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if case .elsewhere = place {
                guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
                index = end
            }
            guard takes(bytes[index]) else {
                place = bytes[index] == UInt8(ascii: "\n") ? .name(0) : .elsewhere
                return index
            }
            index = bytes.index(after: index)
        }
        return nil
    }

    private mutating func takes(_ byte: UInt8) -> Bool {
        switch place {
        case .elsewhere: if byte == UInt8(ascii: "\n") { place = .name(0) }
        case .name(let count): place = behindName(count, byte)
        case .blanks where byte == UInt8(ascii: " "): break
        case .blanks:
            guard byte.inLowerCase == Self.word[0] else { return false }
            place = .word(1)
        case .word(let count) where count < Self.word.count:
            guard byte.inLowerCase == Self.word[count] else { return false }
            place = .word(count + 1)
        case .word:
            guard byte == UInt8(ascii: "\r") else { return false }
            place = .elsewhere
        }
        return true
    }

    private func behindName(_ count: Int, _ byte: UInt8) -> Place {
        guard byte.inLowerCase == Self.name[count] else {
            return byte == UInt8(ascii: "\n") ? .name(0) : .elsewhere
        }
        return count + 1 == Self.name.count ? .blanks : .name(count + 1)
    }
}

extension UInt8 {
    fileprivate var inLowerCase: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self + 0x20 : self
    }
}
