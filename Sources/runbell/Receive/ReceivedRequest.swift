import Foundation
import Notifications

/// A request as the receiver got it.
struct ReceivedRequest: Sendable {
    let method: String
    /// Without the query.
    let path: String
    let query: String
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]

    init(
        method: String = "POST", path: String = "/", query: String = "",
        headers: [String: String] = [:], body: [UInt8]
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }
}

extension ReceivedRequest {
    /// The body as JSON; nil if it is none.
    var json: JSONValue? { try? JSONValue.parse(body) }

    /// A field of a body of `application/x-www-form-urlencoded`.
    func field(_ name: String) -> String? {
        String(decoding: body, as: UTF8.self).pieces(between: "&").first { $0.startsWithBytes(of: name + "=") }
            .flatMap { field in
                String(decoding: field.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self)
                    .replacingBytes(of: "+", with: " ").removingPercentEncoding
            }
    }

    /// Whether the body is said to be of this type.
    func isOf(type: String) -> Bool { (headers["content-type"] ?? "").lowercased().startsWithBytes(of: type) }

    /// Whether the query has a parameter with a value.
    func asks(for name: String) -> Bool {
        query.pieces(between: "&").contains {
            $0.startsWithBytes(of: name + "=") && $0.utf8.count > name.utf8.count + 1
        }
    }

    /// The parts of the path.
    var parts: [Substring] { path.pieces(between: "/").filter { !$0.isEmpty } }
}
