/// What a receiver answered: a code, names with values, and a text, by whatever protocol.
package struct Answer: Equatable, Sendable {
    package struct Header: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The code of the protocol: 200 of HTTP.
    package let status: Int
    package let headers: [Header]
    /// The first bytes of the body, as they came: never decompressed, at most what the transport keeps.
    package let body: [UInt8]
    /// When the answer's head arrived, by the wall clock (for `Retry-After` as a date).
    package let at: Timestamp

    package init(status: Int, headers: [Header] = [], body: [UInt8] = [], at: Timestamp) {
        self.status = status
        self.headers = headers
        self.body = body
        self.at = at
    }

    /// The value of the first header of that name, whatever its case.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased().sameBytes(as: wanted) }?.value
    }

    /// The body when it is a word of a service's table: at most 64 bytes of ASCII; otherwise the empty text.
    package var word: String {
        body.count <= 64 && body.allSatisfy { $0 < 0x80 } ? String(decoding: body, as: UTF8.self) : ""
    }

    /// The body as text; bytes that are not UTF-8 become U+FFFD.
    package var text: String { String(decoding: body, as: UTF8.self) }
}
