/// A web hook: the original product's by default, with nine documented keys, or in another format. Every format is signed
/// according to Standard Webhooks 1.0.0
/// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
package struct WebHook: ChannelKind {
    package let id = "webhook"
    package let name = "WebHook"
    package let receiver = "the web hook"
    package let group = ChannelGroup.webHook
    package let summary = "Give the address of your own service; it gets a POST with a JSON body for each event."

    package let fields =
        [
            Field(
                key: "url", label: "URL", type: .url(.any), isSecret: true,
                help: "Where the events are sent to. Any answer from 200 to 299 counts as received.",
                example: "https://ci.example.org/load-tests"),
            Field(
                key: "signing_secret", label: "Signing secret", type: .signingSecret, isRequired: false, isSecret: true,
                help: "What requests are signed with, so that you can tell them from others. Left out, one is made.",
                example: "whsec_…"),
            Field(
                key: "format", label: "Format", type: .choice(WebHookFormat.allCases.map(\.rawValue)),
                isRequired: false,
                help: "What the request looks like. Left out, it is the one that Load Impact documented.",
                example: WebHookFormat.loadImpact.rawValue),
            Field(
                key: "template", label: "Template", type: .lines(bytes: JSONTemplate.lengthLimit), isRequired: false,
                help: "The body, for the format template: JSON with placeholders, names in two pairs of braces."),
        ] + CustomHeaders.fields + WebHookAuthorization.fields + WebHookCertificates.fields

    /// Stored beside the fields during a rotation: the previous secret, and until when it also signs, in microseconds
    /// since 1970.
    package static let previousSecretKey = "previous_signing_secret"
    package static let previousSecretUntilKey = "previous_signing_secret_until"

    private let reader: (any CertificateReader)?

    /// - Parameter certificates: nil in a program that makes no connections; then no channel with certificates can be saved.
    package init(certificates: (any CertificateReader)? = nil) {
        reader = certificates
    }

    /// The template, the headers, that there is one way of authorization, and the certificates.
    package func errors(in settings: ChannelSettings) -> [ValidationError] {
        JSONTemplate.errors(in: settings) + CustomHeaders.errors(in: settings)
            + WebHookAuthorization.errors(in: settings) + WebHookCertificates(settings).errors(reader)
    }

    /// Our own, and the authorities.
    package func certificates(in settings: ChannelSettings) -> [ChannelCertificate] {
        reader.map(WebHookCertificates(settings).certificates) ?? []
    }

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        let content = WebHookFormat(settings).content(for: notice, settings)
        var headers = content.headers
        headers.append(.init("webhook-id", notice.deliveryID.text))
        headers.append(.init("webhook-timestamp", String(notice.at.seconds)))
        let signatures = Self.secrets(in: settings, at: notice.at).map {
            $0.signature(id: notice.deliveryID.text, timestamp: notice.at.seconds, body: content.body)
        }
        // An unsaved draft has no secret yet.
        if !signatures.isEmpty { headers.append(.init("webhook-signature", signatures.joined(separator: " "))) }
        headers += WebHookAuthorization.headers(settings) + CustomHeaders.headers(settings)
        var message = HTTPMessage(url: settings.text("url") ?? "", headers: headers, body: content.body)
        message.tls = WebHookCertificates(settings).tls
        return message
    }

    /// Everything except success and 410 is retried: a 404 may come from a deploy in progress.
    package func verdict(on answer: Answer) -> Verdict {
        switch answer.status {
        case 200..<300: .delivered
        case 410: .gone(.http(410))
        default: .retry(.http(answer.status), after: answer.retryAfter)
        }
    }

    /// Any web address: other kinds are asked first.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        address.url.map { _ in ChannelSettings(texts: ["url": address.text]) }
    }

    private static func secrets(in settings: ChannelSettings, at time: Timestamp) -> [SigningSecret] {
        var texts = [settings.text("signing_secret")]
        if let until = settings[previousSecretUntilKey]?.integer, time < Timestamp(microseconds: until) {
            texts.append(settings.text(previousSecretKey))
        }
        return texts.compactMap { $0.flatMap(SigningSecret.init) }
    }
}
