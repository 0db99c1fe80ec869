import Foundation
import Notifications

/// Header fields with anything but ASCII: `=?utf-8?B?…?=` (RFC 2047).
enum EncodedWords {
    /// The value in UTF-8, on one line. White space between two encoded words belongs to neither.
    static func decoded(_ value: String) -> String {
        var bytes: [UInt8] = []
        var wasEncoded = false
        for word in value.pieces(between: " ") where !word.isEmpty {
            let encoded = Self.bytes(of: word)
            if !bytes.isEmpty, !(wasEncoded && encoded != nil) { bytes.append(UInt8(ascii: " ")) }
            bytes += encoded ?? Array(word.utf8)
            wasEncoded = encoded != nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func bytes(of word: Substring) -> [UInt8]? {
        let parts = word.pieces(between: "?")
        guard parts.count == 5, parts[0].sameBytes(as: "="), parts[4].sameBytes(as: "=") else { return nil }
        let encoding = parts[2].lowercased()
        if encoding.sameBytes(as: "b") { return Data(base64Encoded: String(parts[3])).map(Array.init) }
        guard encoding.sameBytes(as: "q") else { return nil }
        return QuotedPrintable.decoded(parts[3].utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 })
    }
}

/// `=C3=A4` for bytes, and `=` at the end of a line that goes on (RFC 2045, section 6.7).
enum QuotedPrintable {
    static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "=") else {
                result.append(byte)
                continue
            }
            if index < bytes.count, bytes[index] == UInt8(ascii: "\n") {
                index += 1
            } else if let value = UInt8(String(decoding: bytes[index...].prefix(2), as: UTF8.self), radix: 16) {
                result.append(value)
                index += 2
            }
        }
        return result
    }
}
