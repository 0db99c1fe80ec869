/// A mail address in its plain form: `ops@example.org`. No display name, no quotes, no comments, only ASCII, so that it can
/// stand in a header or an SMTP command as it is (RFC 5321, section 4.1.2).
package struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    /// The domain in lower case.
    package let text: String

    /// Nil unless the text is such an address.
    package init?(_ text: some StringProtocol) {
        let parts = text.pieces(between: "@")
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), parts[1].utf8.count <= 189,
            Self.isDotAtom(parts[0])
        else { return nil }
        let domain = parts[1].lowercased()
        guard (try? DNSName.check(domain)) != nil else { return nil }
        self.text = "\(parts[0])@\(domain)"
    }

    package var domain: String { String(text.pieces(between: "@").last ?? "") }

    package var description: String { text }

    /// Words of letters, digits and some marks, with single dots between them (RFC 5322, section 3.2.3).
    private static func isDotAtom(_ text: Substring) -> Bool {
        text.pieces(between: ".").allSatisfy { word in !word.isEmpty && word.utf8.allSatisfy(isAtomByte) }
    }

    private static func isAtomByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
        }
    }
}
