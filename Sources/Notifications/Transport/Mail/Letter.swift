import Foundation

/// One mail, for one or several recipients (RFC 5322), with a text and an HTML part (RFC 2046). All attempts of a delivery
/// make the same bytes, under the same `Message-ID`.
package struct Letter: Equatable, Sendable {
    /// A header field; only that of a subject may be anything but ASCII.
    package struct Header: Equatable, Sendable {
        package let name: String
        package let value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        var isSubject: Bool { name.sameBytes(as: "Subject") }
    }

    package let sender: MailAddress
    package let recipients: [MailAddress]
    let headers: [Header]
    package let text: String
    package let html: String
    /// Part of a link that only the recipients may know.
    let secret: String?
    /// Whether it asks to confirm an address. Nobody gets that often.
    package let isInvitation: Bool
    /// Whether nothing is sent unless the relay takes all recipients or refuses them for good: with some of them asked to
    /// come back later, the others would get the mail twice.
    package let waitsForAll: Bool

    /// `hidden` replaces the secret in what others may see.
    func hiding(_ text: String) -> String {
        secret.map { text.replacingBytes(of: $0, with: "…") } ?? text
    }

    package var subject: String { headers.first(where: \.isSubject)?.value ?? "" }

    /// The whole mail, with lines of at most 76 characters that end with CRLF.
    package var bytes: [UInt8] {
        let boundary = "=_runbell_part"
        var lines = headers.map { "\($0.name): \(Self.encoded($0))" }
        lines += ["MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=\"\(boundary)\"", ""]
        for (type, content) in [("plain", text), ("html", html)] {
            lines += [
                "--\(boundary)", "Content-Type: text/\(type); charset=utf-8", "Content-Transfer-Encoding: base64", "",
            ]
            lines += Self.base64Lines(content.replacingBytes(of: "\n", with: "\r\n"))
        }
        lines += ["--\(boundary)--", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// Only a subject may contain anything but printable ASCII (RFC 2047), or look as if it did.
    private static func encoded(_ header: Header) -> String {
        let isPlain = header.value.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !header.value.holdsBytes(of: "=?")
        guard header.isSubject, !isPlain else { return header.value }
        var words: [String] = []
        var word: [UInt8] = []
        for scalar in header.value.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if word.count + bytes.count > 42 {
                words.append(encodedWord(word))
                word = []
            }
            word += bytes
        }
        return (words + [encodedWord(word)]).joined(separator: "\r\n ")
    }

    private static func encodedWord(_ bytes: [UInt8]) -> String {
        "=?utf-8?B?\(Data(bytes).base64EncodedString())?="
    }

    private static func base64Lines(_ text: String) -> [String] {
        let encoded = Array(Data(text.utf8).base64EncodedString().utf8)
        return stride(from: 0, to: encoded.count, by: 76).map { start in
            String(decoding: encoded[start..<min(start + 76, encoded.count)], as: UTF8.self)
        }
    }
}

extension Timestamp {
    /// `Mon, 23 Nov 2026 10:12:30 +0000` (RFC 5322, section 3.3).
    var mailText: String {
        let text = description
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 1970 began on a Thursday.
        let day = days[Int(((seconds / 86_400) % 7 + 7) % 7)]
        let month = months[max(0, min(11, (Int(text.dropFirst(5).prefix(2)) ?? 1) - 1))]
        return "\(day), \(text.dropFirst(8).prefix(2)) \(month) \(text.prefix(4)) "
            + "\(text.dropFirst(11).prefix(8)) +0000"
    }
}
