import HTTPTypes
import Hummingbird

extension Request {
    /// Whether the head announces a body.
    var hasBody: Bool {
        if let length = headers[.contentLength] { return length != "0" }
        return headers.contains(.transferEncoding)
    }
}

extension HTTPRequest.Method {
    var takesBody: Bool { self == .post || self == .put || self == .patch }
}
