/// A text from outside as something to look up, to sort or to make unique by: it is its bytes in UTF-8 and nothing else.
///
/// Swift's own `String` compares what people see. For that it brings both sides into a normal form (Unicode Standard
/// Annex 15), which takes the square of the length where many combining marks follow each other: 250 kB of them cost
/// seconds a comparison.
package struct ForeignText: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String

    package init(_ text: some StringProtocol) {
        self.text = String(text)
    }

    package init(stringLiteral text: String) {
        self.text = text
    }

    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.text.sameBytes(as: rhs.text) }

    /// By the bytes, which is the order of the code points.
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8) }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(UInt8(0xFF))
    }

    package var description: String { text }
}

extension StringProtocol {
    /// Whether both have the same bytes in UTF-8. For texts from outside, in place of `==`.
    package func sameBytes(as other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }

    /// Whether the text begins with those bytes. For texts from outside, in place of `hasPrefix`.
    package func startsWithBytes(of other: String) -> Bool { utf8.starts(with: other.utf8) }

    /// The pieces between the separators, which must be ASCII; empty ones too. For texts from outside, in place of
    /// `split`, which compares characters.
    package func pieces(between separator: Unicode.Scalar, atMost count: Int = .max) -> [Substring] {
        utf8.split(separator: UInt8(ascii: separator), maxSplits: count - 1, omittingEmptySubsequences: false)
            .map { Substring($0) }
    }

    /// The text with every place of some bytes replaced, from left to right. For texts from outside, in place of
    /// `replacing`, which compares characters.
    package func replacingBytes(of old: String, with new: String) -> String {
        let (old, text) = (Array(old.utf8), Array(utf8))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            if text[position] == old.first, text[position...].starts(with: old) {
                bytes.append(contentsOf: new.utf8)
                position += old.count
            } else {
                bytes.append(text[position])
                position += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// As many whole code points from the beginning as have at most so many bytes. `prefix` counts characters, of which
    /// a single one may have a megabyte.
    package func prefix(bytes count: Int) -> String {
        let bytes = Array(utf8)
        guard bytes.count > count else { return String(self) }
        var end = count
        while end > 0, UTF8.isContinuation(bytes[end]) { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}

extension Substring {
    /// A piece of a text's UTF-8 that was cut at ASCII.
    fileprivate init(_ piece: some Sequence<UInt8>) {
        self = Substring(String(decoding: Array(piece), as: UTF8.self))
    }
}

extension CaseIterable where Self: RawRepresentable<String> {
    /// The case whose word has those bytes; nil when there is none. For texts from outside, in place of `init(rawValue:)`.
    package init?(word: some StringProtocol) {
        guard let found = Self.allCases.first(where: { $0.rawValue.sameBytes(as: word) }) else { return nil }
        self = found
    }
}
