import Notifications

/// A certificate among a channel's settings, and when it expires.
struct CertificateView: Sendable {
    let label: String
    let name: String
    let lifetime: String
    let expires: TimeView
    /// Whether somebody should do something about it.
    let isUrgent: Bool

    private static let notice = Duration.seconds(30 * 86_400)

    init(_ found: ChannelCertificate, at now: Timestamp) {
        label = found.field.label
        name = found.certificate.name
        lifetime = found.certificate.lifetime(at: now)
        expires = TimeView(found.certificate.expiresAt)
        isUrgent = found.certificate.expiresAt - now < Self.notice
    }
}
