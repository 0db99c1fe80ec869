import HTTPTypes
import Hummingbird
import Notifications

extension Request {
    /// The version in `If-Match: "3"`; nil without the header, and for `*`.
    package func ifMatch() throws(Problem) -> Int64? {
        guard let text = headers[.ifMatch], !text.sameBytes(as: "*") else { return nil }
        let quote = UInt8(ascii: "\"")
        let digits = String(decoding: text.utf8.dropFirst().dropLast(), as: UTF8.self)
        guard text.utf8.count >= 3, text.utf8.first == quote, text.utf8.last == quote, let version = Int64(digits),
            version > 0, digits.sameBytes(as: String(version))
        else { throw .badRequest("If-Match must be one ETag issued by this service, such as \"3\".") }
        return version
    }

    /// The idempotency key, which identifies a repeated request: 1 to 255 visible ASCII characters.
    package func idempotencyKey() throws(Problem) -> String? {
        guard let key = headers[.idempotencyKey] else { return nil }
        let isVisible = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard (1...255).contains(key.utf8.count), isVisible, headers[values: .idempotencyKey].count == 1 else {
            throw .badRequest("Idempotency-Key must be given once, with 1 to 255 visible ASCII characters.")
        }
        return key
    }
}
