import HTTPTypes
import Hummingbird
import Notifications

extension Request {
    /// Whether the head announces a body.
    var hasBody: Bool {
        if let length = headers[.contentLength] { return !length.sameBytes(as: "0") }
        return headers.contains(.transferEncoding)
    }

    /// Whether a header has exactly this value.
    package func says(_ value: String, in name: HTTPField.Name) -> Bool { headers[name]?.sameBytes(as: value) ?? false }
}

extension HTTPRequest.Method {
    package var takesBody: Bool { self == .post || self == .put || self == .patch }
}
