/// Text from outside, to look up, sort or deduplicate by: compared as UTF-8 bytes.
///
/// `String` compares what people see, and normalizes both sides for it (Unicode Standard Annex 15), which takes
/// quadratic time for long sequences of combining marks: comparing 250 kB of them takes seconds.
package struct ForeignText: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String

    package init(_ text: some StringProtocol) {
        self.text = String(text)
    }

    package init(_ text: String) {
        self.text = text
    }

    package init(stringLiteral text: String) {
        self.text = text
    }

    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.text.sameBytes(as: rhs.text) }

    /// By bytes, which is the order of code points.
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8) }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(UInt8(0xFF))
    }

    package var description: String { text }
}

/// Without generics, which are not specialized across modules: every request compares many texts.
extension String {
    /// Whether both have the same UTF-8 bytes. For text from outside, instead of `==`.
    package func sameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && withBytes { mine in other.withBytes { mine.elementsEqual($0) } }
    }

    /// Whether the text starts with those bytes. For text from outside, instead of `hasPrefix`.
    package func startsWithBytes(of other: String) -> Bool {
        utf8.count >= other.utf8.count && withBytes { mine in other.withBytes { mine.starts(with: $0) } }
    }

    /// Whether the text ends with those bytes. For text from outside, instead of `hasSuffix`.
    package func endsInBytes(of other: String) -> Bool {
        utf8.count >= other.utf8.count
            && withBytes { mine in other.withBytes { mine.suffix($0.count).elementsEqual($0) } }
    }

    private func withBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
        utf8.withContiguousStorageIfAvailable(body) ?? Array(utf8).withUnsafeBufferPointer(body)
    }
}

/// The same for parts of texts.
extension StringProtocol {
    /// Whether the text starts with those bytes.
    package func startsWithBytes(of other: String) -> Bool {
        withBytes { mine in other.withBytes { mine.starts(with: $0) } }
    }

    /// Whether the text ends with those bytes.
    package func endsInBytes(of other: String) -> Bool {
        withBytes { mine in other.withBytes { mine.suffix($0.count).elementsEqual($0) } }
    }

    /// Whether both have the same UTF-8 bytes.
    package func sameBytes(as other: some StringProtocol) -> Bool {
        withBytes { mine in other.withBytes { mine.count == $0.count && mine.elementsEqual($0) } }
    }

    /// Whether those bytes are somewhere in the text. For text from outside, instead of `contains`.
    package func holdsBytes(of other: String) -> Bool {
        withBytes { mine in
            other.withBytes { other in
                mine.indices.contains { mine[$0] == other.first && mine[$0...].starts(with: other) }
            }
        }
    }

    /// Splits the text at a separator, which must be ASCII, and keeps empty pieces. For text from outside, instead of
    /// `split`, which compares characters.
    package func pieces(between separator: Unicode.Scalar, atMost count: Int = .max) -> [Substring] {
        withBytes { bytes in
            bytes.split(separator: UInt8(ascii: separator), maxSplits: count - 1, omittingEmptySubsequences: false)
                .map { Substring(String(decoding: $0, as: UTF8.self)) }
        }
    }

    /// Replaces every occurrence of some bytes, from left to right. For text from outside, instead of `replacing`,
    /// which compares characters.
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

    /// The longest prefix of whole code points with at most `count` bytes. `prefix` counts characters, each of which
    /// may be a megabyte long.
    package func prefix(bytes count: Int) -> String {
        let bytes = Array(utf8)
        guard bytes.count > count else { return String(self) }
        var end = count
        while end > 0, UTF8.isContinuation(bytes[end]) { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// Lends the UTF-8 bytes in one piece: taken one by one from a generic text, each is several calls.
    private func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        utf8.withContiguousStorageIfAvailable(body) ?? Array(utf8).withUnsafeBufferPointer(body)
    }
}

extension CaseIterable where Self: RawRepresentable<String> {
    /// The case whose raw value has those bytes; nil if there is none. For text from outside, instead of
    /// `init(rawValue:)`.
    package init?(word: some StringProtocol) {
        guard let found = Self.allCases.first(where: { $0.rawValue.sameBytes(as: word) }) else { return nil }
        self = found
    }
}
