import HTTPTypes
import Notifications
import WebServing

/// The cookie that holds a session's token.
struct SessionCookie: Sendable {
    /// Whether browsers reach the pages over https. If so, the cookie has the prefix `__Host-`: no other host can set
    /// it.
    let isSecure: Bool

    var name: String { isSecure ? "__Host-runbell" : "runbell-session" }

    func setting(_ token: RandomToken) -> String {
        "\(name)=\(token.reveal()); \(attributes); Max-Age=\(Session.lifetime.components.seconds)"
    }

    var removing: String { "\(name)=; \(attributes); Max-Age=0" }

    /// Nil if there is none, or more than one.
    func token(in headers: HTTPFields) -> RandomToken? {
        let start = name + "="
        let pairs = headers[values: .cookie].flatMap { $0.pieces(between: ";") }
        let values = pairs.compactMap { pair -> String? in
            let text = pair.utf8.drop { $0 == UInt8(ascii: " ") }
            guard text.starts(with: start.utf8) else { return nil }
            return String(decoding: text.dropFirst(start.utf8.count), as: UTF8.self)
        }
        guard values.count == 1, let value = values.first else { return nil }
        return RandomToken(value)
    }

    private var attributes: String {
        "Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }
}
