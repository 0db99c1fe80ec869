import Crypto

/// Which recipients of a channel have confirmed their address, and the codes in the links that let them. It is stored beside
/// the channel's fields, sealed like them.
package struct MailConsent: Sendable {
    /// `42/0198…/64 digits`: the channel's place, and the key of its codes.
    private static let linkKey = "consent"
    private static let confirmedKey = "confirmed"

    private let place: String?
    private let key: SymmetricKey?
    private let confirmed: Set<MailAddress>
    private let recipients: [MailAddress]

    package init(_ settings: ChannelSettings) {
        let parts = settings.text(Self.linkKey)?.pieces(between: "/") ?? []
        let bytes = parts.count == 3 ? Hexadecimal.decode(String(parts[2])) : nil
        place = bytes == nil ? nil : "\(parts[0])/\(parts[1])"
        key = bytes.map { SymmetricKey(data: $0) }
        confirmed = Set(Self.confirmed(settings))
        recipients = Email.recipients(settings)
    }

    /// Whether an address may get notifications.
    package func isConfirmed(_ address: MailAddress) -> Bool { confirmed.contains(address) }

    private static func confirmed(_ settings: ChannelSettings?) -> [MailAddress] {
        (settings?[confirmedKey]?.array ?? []).compactMap { $0.string.flatMap { MailAddress($0) } }
    }

    /// The path of the page where an address is confirmed, or mails to it stopped. Nil for an unsaved channel.
    package func path(for address: MailAddress?) -> String? {
        guard let place, let code = code(of: address) else { return nil }
        return "/mail/\(place)/\(code)"
    }

    /// Whom a code is about.
    package enum Subject: Equatable, Sendable {
        case one(MailAddress)
        /// It stands in a mail to all of them; they say who they are.
        case somebody
    }

    /// Nil if the code is wrong, or its address is no recipient anymore.
    package func subject(of code: String) -> Subject? {
        guard let code = Hexadecimal.decode(code) else { return nil }
        if isValid(code, for: nil) { return .somebody }
        return recipients.first { isValid(code, for: $0) }.map(Subject.one)
    }

    private func code(of address: MailAddress?) -> String? {
        key.map { Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Self.bytes(address), using: $0)) }
    }

    /// Compares in constant time (swift-crypto).
    private func isValid(_ code: [UInt8], for address: MailAddress?) -> Bool {
        key.map { HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.bytes(address), using: $0) }
            ?? false
    }

    private static func bytes(_ address: MailAddress?) -> [UInt8] { Array((address?.text ?? "").utf8) }
}

extension MailConsent {
    /// The settings of a channel at a place (`42/0198…`), with a key for its links, and with the confirmations of those who
    /// are still recipients.
    package static func completed(
        _ settings: ChannelSettings, at place: String?, keeping before: ChannelSettings?
    ) -> ChannelSettings {
        var settings = settings
        settings[linkKey] = before?[linkKey] ?? place.map { .string("\($0)/\(RandomToken().reveal())") }
        let recipients = Email.recipients(settings)
        settings[confirmedKey] = json(confirmed(before).filter(recipients.contains))
        return settings
    }

    /// The settings after a recipient has decided; nil if that changes nothing.
    package static func settings(
        _ settings: ChannelSettings, with address: MailAddress, wantsMail: Bool
    ) -> ChannelSettings? {
        guard Email.recipients(settings).contains(address) else { return nil }
        let confirmed = confirmed(settings)
        guard confirmed.contains(address) != wantsMail else { return nil }
        var settings = settings
        settings[confirmedKey] = json(wantsMail ? confirmed + [address] : confirmed.filter { $0 != address })
        return settings
    }

    private static func json(_ addresses: [MailAddress]) -> JSONValue? {
        addresses.isEmpty ? nil : .array(addresses.map { .string($0.text) })
    }
}
