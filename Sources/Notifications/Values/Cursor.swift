/// An opaque position in a list, with a checksum over it and the list, so that mangled cursors and those of other lists
/// or organizations are refused.
package struct Cursor: Equatable, Sendable {
    /// The last item of the previous page: a sequence number or an id.
    package let position: String

    package init(position: String) {
        self.position = position
    }

    /// Nil unless the text was made by `text(of:)` for the same list.
    package init?(text: String, of list: String) {
        guard text.utf8.count <= 200, let bytes = Hexadecimal.decode(text), bytes.count > 4,
            Self.checksum(bytes.dropLast(4), list) == Array(bytes.suffix(4)),
            let position = String(validating: bytes.dropLast(4), as: UTF8.self)
        else { return nil }
        self.position = position
    }

    /// - Parameter list: Distinguishes the list from all others, for example its path.
    package func text(of list: String) -> String {
        let bytes = Array(position.utf8)
        return Hexadecimal.encode(bytes + Self.checksum(bytes[...], list))
    }

    private static func checksum(_ position: ArraySlice<UInt8>, _ list: String) -> [UInt8] {
        CRC32.checksum(position + [0] + list.utf8).bytes
    }
}

extension UInt32 {
    fileprivate var bytes: [UInt8] { withUnsafeBytes(of: bigEndian, Array.init) }
}
