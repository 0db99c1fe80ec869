/// Decodes HTML's character references: the numeric ones, and the names that messages use. Others stay as they are.
enum HTMLCharacters {
    static func decoded(_ text: String) -> String {
        text.utf8.contains(ampersand) ? String(decoding: decoded(Array(text.utf8)[...]), as: UTF8.self) : text
    }

    static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var rest = bytes
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        while let byte = rest.popFirst() {
            let name = byte == ampersand ? rest.prefix(longestName).prefix { $0 != semicolon } : []
            if byte == ampersand, rest.dropFirst(name.count).first == semicolon,
                let text = text(String(decoding: name, as: UTF8.self))
            {
                decoded.append(contentsOf: text.utf8)
                rest = rest.dropFirst(name.count + 1)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }

    private static let longestName = 10
    private static let ampersand = UInt8(ascii: "&")
    private static let semicolon = UInt8(ascii: ";")

    /// - Parameter name: what stands between `&` and `;`.
    private static func text(_ name: String) -> String? {
        guard name.startsWithBytes(of: "#") else { return names.first { $0.0.sameBytes(as: name) }?.1 }
        let number = name.utf8.dropFirst()
        let isHexadecimal = number.first.map { $0 | 0x20 } == UInt8(ascii: "x")
        let digits = String(Substring(isHexadecimal ? number.dropFirst() : number))
        guard let value = UInt32(digits, radix: isHexadecimal ? 16 : 10), digits.utf8.first != UInt8(ascii: "+") else {
            return nil
        }
        return String(value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}")
    }

    private static let names = [
        ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("nbsp", " "), ("hellip", "…"),
        ("mdash", "—"), ("ndash", "–"), ("bull", "•"), ("middot", "·"), ("copy", "©"), ("reg", "®"), ("trade", "™"),
        ("deg", "°"), ("euro", "€"), ("larr", "←"), ("rarr", "→"), ("uarr", "↑"), ("darr", "↓"), ("check", "✓"),
        ("cross", "✗"), ("times", "×"), ("laquo", "«"), ("raquo", "»"), ("lsquo", "‘"), ("rsquo", "’"),
        ("ldquo", "“"), ("rdquo", "”"),
    ]
}
