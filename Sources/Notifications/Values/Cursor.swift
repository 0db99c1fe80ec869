/// A place in a list, opaque to callers: a position, with a checksum so that a mangled cursor is refused.
package struct Cursor: Equatable, Sendable {
    /// The last item of the part before: a sequence, or an id.
    package let position: String

    package init(position: String) {
        self.position = position
    }

    /// Nil unless the text came from `text`.
    package init?(text: String) {
        guard text.utf8.count <= 200, let bytes = Hexadecimal.decode(text), bytes.count > 4,
            CRC32.checksum(bytes.dropLast(4)).bytes == Array(bytes.suffix(4)),
            let position = String(validating: bytes.dropLast(4), as: UTF8.self)
        else { return nil }
        self.position = position
    }

    package var text: String {
        let bytes = Array(position.utf8)
        return Hexadecimal.encode(bytes + CRC32.checksum(bytes).bytes)
    }
}

extension UInt32 {
    fileprivate var bytes: [UInt8] { withUnsafeBytes(of: bigEndian, Array.init) }
}
