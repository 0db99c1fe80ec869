/// A web hook's client certificate (mutual TLS), and authorities of its own.
///
/// A certificate that has expired is accepted, and shown as such: otherwise a channel whose certificate expires could no
/// longer be renamed or disabled.
struct WebHookCertificates {
    private static let certificate = Field(
        key: "client_certificate", label: "Client certificate", type: .lines(bytes: 16_000), isRequired: false,
        help:
            "For receivers that ask for one (mutual TLS): PEM, followed by the certificates that lead to its authority.",
        example: beginning)
    private static let key = Field(
        key: "client_key", label: "Private key of the client certificate", type: .privateKey(bytes: 4000),
        isRequired: false, isSecret: true, help: "PEM, not encrypted, up to RSA of 4096 bits. It is never shown again.",
        example: "-----BEGIN PRIVATE KEY-----")
    private static let authorities = Field(
        key: "ca_certificates", label: "CA certificates", type: .lines(bytes: 32_000), isRequired: false,
        help: "PEM of the authorities that the receiver's certificate may come from. Then no others are trusted.",
        example: beginning)

    static let fields = [certificate, key, authorities]

    private static let beginning = "-----BEGIN CERTIFICATE-----"
    private static let mostCertificates = 5
    private static let mostAuthorities = 10

    private let settings: ChannelSettings

    init(_ settings: ChannelSettings) {
        self.settings = settings
    }

    /// Nil if the settings have none.
    var tls: TLSSettings? {
        TLSSettings(
            certificates: settings.text(Self.certificate.key),
            privateKey: settings.text(Self.key.key).map { Secret($0) },
            authorities: settings.text(Self.authorities.key))
    }

    /// Our own certificate, without those that lead to its authority, and all authorities.
    func certificates(_ reader: any CertificateReader) -> [ChannelCertificate] {
        [(Self.certificate, 1), (Self.authorities, Self.mostAuthorities)].flatMap { field, most in
            (settings.text(field.key).flatMap(reader.certificates) ?? []).prefix(most)
                .map { ChannelCertificate(field: field, certificate: $0) }
        }
    }

    /// No error quotes what it is about. `reader` is nil in a program that makes no connections.
    func errors(_ reader: (any CertificateReader)?) -> [ValidationError] {
        guard let first = Self.fields.first(where: { settings.text($0.key) != nil }) else { return [] }
        guard let reader else {
            return [ValidationError(first.key, "This installation cannot read certificates.")]
        }
        var errors = [error(in: Self.certificate, atMost: Self.mostCertificates, reader), keyError(reader)]
        errors.append(error(in: Self.authorities, atMost: Self.mostAuthorities, reader))
        if let scheme = (try? OutboundURL(parsing: settings.text("url") ?? ""))?.scheme, scheme != .https {
            errors.append(ValidationError(first.key, "Certificates need an address that begins with https://."))
        }
        return errors.compactMap { $0 }
    }

    /// A file that holds the key too must not end up in a field that everybody in the organization may see.
    private func error(in field: Field, atMost most: Int, _ reader: any CertificateReader) -> ValidationError? {
        guard let pem = settings.text(field.key) else { return nil }
        guard !pem.holdsBytes(of: "PRIVATE KEY") else {
            return ValidationError(
                field.key, "Contains a private key, which belongs only into the field \(Self.key.label).")
        }
        guard let found = reader.certificates(in: pem) else {
            return ValidationError(field.key, "Must be certificates in PEM, each beginning with \(Self.beginning).")
        }
        return found.count > most ? ValidationError(field.key, "At most \(most) certificates are allowed.") : nil
    }

    private func keyError(_ reader: any CertificateReader) -> ValidationError? {
        let certificates = settings.text(Self.certificate.key)
        guard let key = settings.text(Self.key.key) else {
            return certificates.map { _ in
                ValidationError(Self.key.key, "The client certificate needs its private key.")
            }
        }
        guard !key.holdsBytes(of: "ENCRYPTED") else {
            return ValidationError(
                Self.key.key, "The key is encrypted. Decrypt it first, for example with openssl pkey -in key.pem.")
        }
        guard let certificates else {
            return ValidationError(Self.certificate.key, "The private key needs its client certificate.")
        }
        guard let fits = reader.isKey(key, of: certificates) else {
            return ValidationError(Self.key.key, "Must be a private key in PEM, such as \(Self.key.example).")
        }
        let isReadable = reader.certificates(in: certificates) != nil
        return fits || !isReadable ? nil : ValidationError(Self.key.key, "Is not the key of the client certificate.")
    }
}
