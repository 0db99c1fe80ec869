/// Maps bytes that a receiver may have exchanged to the same byte: letters in either case, and the two characters in
/// which the Base64 alphabets differ (RFC 4648, sections 4 and 5).
enum Folding {
    static func fold(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: lowercase(byte)
        }
    }

    static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

enum Base64Run {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Encodes the bytes in Base64 without padding and without the last character that following bytes could change.
    /// Within a longer text, the bytes may start at any of three offsets of a group, so callers encode three times,
    /// without the first zero, one and two bytes.
    static func encode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var (digits, buffer, bits): ([UInt8], UInt32, UInt32) = ([], 0, 0)
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                digits.append(alphabet[Int(buffer >> bits & 0x3F)])
            }
            buffer &= (1 << bits) - 1
        }
        return digits
    }
}
