import HTTPTypes
import Notifications

/// The cookie that holds a session's token.
struct SessionCookie: Sendable {
    /// Whether browsers reach the pages by https. Then the cookie has the prefix `__Host-`: no other host can set it.
    let isSecure: Bool

    var name: String { isSecure ? "__Host-runbell" : "runbell-session" }

    func setting(_ token: RandomToken) -> String {
        "\(name)=\(token.reveal()); \(attributes); Max-Age=\(Session.lifetime.components.seconds)"
    }

    var removing: String { "\(name)=; \(attributes); Max-Age=0" }

    /// Nil when there is none, or more than one.
    func token(in headers: HTTPFields) -> RandomToken? {
        let pairs = headers[values: .cookie].flatMap { $0.split(separator: ";") }
        let values = pairs.compactMap { pair -> Substring? in
            let text = pair.drop { $0 == " " }
            return text.hasPrefix(name + "=") ? text.dropFirst(name.count + 1) : nil
        }
        guard values.count == 1, let value = values.first else { return nil }
        return RandomToken(value)
    }

    private var attributes: String {
        "Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }
}
