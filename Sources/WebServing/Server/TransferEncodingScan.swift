/// Scans what a client sends for a `Transfer-Encoding` in an unusual spelling. Accepted is only the name at the
/// beginning of a line, a colon, optional spaces, `chunked`, and the end of the line. Other parsers read a tab or a
/// list there differently from ours, and then disagree about where a request ends (request smuggling). A pure value
/// that takes the bytes as they arrive, in chunks of any size.
///
/// It does not distinguish bodies from heads, but refuses no valid body: no JSON and no form has a line that begins
/// like this.
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

    /// Whether the bytes contain an unusual spelling. Most bytes are only searched for line ends.
    mutating func refuses(_ bytes: some Collection<UInt8>) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            if case .elsewhere = place {
                guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return false }
                rest = rest[end...]
            }
            guard let byte = rest.popFirst(), takes(byte) else { return true }
        }
        return false
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
