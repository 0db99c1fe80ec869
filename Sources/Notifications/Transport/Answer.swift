/// A receiver's answer: a code, headers and a body, in whatever protocol.
package struct Answer: Equatable, Sendable {
    /// A header field.
    package struct Header: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The protocol's status code: 200 in HTTP.
    package let status: Int
    package let headers: [Header]
    /// The first bytes of the body as received: never decompressed, and at most what the transport keeps.
    package let body: [UInt8]
    /// When the answer's head was received, by the wall clock (for `Retry-After` as a date).
    package let at: Timestamp

    package init(status: Int, headers: [Header] = [], body: [UInt8] = [], at: Timestamp) {
        self.status = status
        self.headers = headers
        self.body = body
        self.at = at
    }

    /// The value of the first header with that name, ignoring case.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased().sameBytes(as: wanted) }?.value
    }

    /// The body if it is at most 64 bytes of ASCII, to look up in a service's table; otherwise empty.
    package var word: String {
        body.count <= 64 && body.allSatisfy { $0 < 0x80 } ? String(decoding: body, as: UTF8.self) : ""
    }

    /// The body as text; bytes that are not UTF-8 become U+FFFD.
    package var text: String { String(decoding: body, as: UTF8.self) }
}
