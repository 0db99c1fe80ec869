/// A message sent as one HTTP request: everything in it except `Host`, `Content-Length` and `Connection`, which the
/// transport adds.
package struct HTTPMessage: Equatable, Sendable {
    /// A header field.
    package struct Header: Equatable, Sendable {
        package let name: String
        package let value: String
        /// Masked wherever the request is shown.
        package let isSecret: Bool

        package init(_ name: String, _ value: String, isSecret: Bool = false) {
            self.name = name
            self.value = value
            self.isSecret = isSecret
        }
    }

    /// The raw value is the method in the request line.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package var method: Method
    /// A string, because it may be refused: the transport parses it with `OutboundURL`.
    package var url: String
    package var headers: [Header]
    package var body: [UInt8]
    /// Our certificate and the authorities to trust, if not the installation's.
    package var tls: TLSSettings?
    /// The members of a JSON body that are secret, and masked wherever the request is shown.
    package private(set) var secretMembers: [String] = []
    /// How many bytes of the answer the kind needs; nil for what the transport keeps of any.
    package var answerBytesKept: Int?

    package init(method: Method = .post, url: String, headers: [Header], body: [UInt8]) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// The same message, in whose JSON body some members are secret.
    package func hiding(_ members: [String]) -> HTTPMessage {
        var message = self
        message.secretMembers = members
        return message
    }
}
