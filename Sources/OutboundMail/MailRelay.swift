import Foundation
import Notifications

/// The operator's mail relay: `smtps://user:password@mail.example.org:465`, or `smtp://` with STARTTLS.
package struct MailRelay: Sendable {
    /// `smtp://mail.example.org:587`, without the credentials.
    let address: String
    let user: Secret?
    let password: Secret?
    /// Whether the connection must be encrypted. A relay on this machine may do without, but not if it asks for a password.
    let needsTLS: Bool
    /// A PEM file with the certificate authorities to trust, if not those of the system.
    let authorities: String?

    /// Throws what is wrong with a setting, without its contents.
    package init(url: String, authorities: String? = nil) throws(InvalidInput) {
        let mistake = InvalidInput(
            "smtp_url", "Must be smtp://HOST:587 or smtps://HOST:465, with USER:PASSWORD@ before the host if need be.")
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, ["smtp", "smtps"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.path.isEmpty || parts.path == "/", parts.query == nil,
            parts.fragment == nil, (parts.user == nil) == (parts.password == nil)
        else { throw mistake }
        let port = parts.port ?? (scheme == "smtps" ? 465 : 587)
        guard (1...65535).contains(port) else { throw mistake }
        address = "\(scheme)://\(host):\(port)"
        user = parts.user.map(Secret.init)
        password = parts.password.map(Secret.init)
        let bare = host.trimmingCharacters(in: ["[", "]"])
        let isHere = bare == "localhost" || IPAddress(bare)?.isLoopback ?? false
        needsTLS = user != nil || !isHere
        self.authorities = authorities
    }
}
