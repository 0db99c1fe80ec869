import Hummingbird
import Notifications
import WebServing

extension ChannelPages {
    func addRecognizing(to routes: inout RouteTable) {
        dependencies.on(.post, "channels/recognize", in: .notifications, of: &routes, use: recognize)
    }

    /// The form for a new channel, filled in from a pasted address. The address is a secret, so it is never part of a
    /// link: this response is the page itself.
    @Sendable private func recognize(_ request: Request, _ page: PageContext) async throws -> Response {
        let address = try await page.form(request).text("address") ?? ""
        guard let found = dependencies.kinds.recognize(address) else {
            let pages = NotificationPages(dependencies: dependencies)
            let model = try await pages.model(page, pasted: PastedView(unknown: address))
            return .page(model, status: .unprocessableContent)
        }
        let typed = try ChannelForm(FormBody(Self.fields(found.kind, found.settings)), kinds: dependencies.kinds)
        let form = ChannelFormView(
            kind: found.kind, saved: nil, typed: typed, origin: .page, in: page,
            outcome: .init(errors: errors(in: found.settings, of: found.kind)))
        return .page(NewChannelPage(found.kind, form, in: page))
    }

    /// What is wrong with the addresses, such as that of a Slack workflow.
    private func errors(in settings: ChannelSettings, of kind: any ChannelKind) -> [ValidationError] {
        kind.fields.compactMap { field in
            guard case .url(let rule) = field.type, let text = settings.text(field.key),
                let error = dependencies.policy.error(in: text, rule: rule)
            else { return nil }
            return ValidationError("settings.\(field.key)", error)
        }
    }

    private static func fields(_ kind: any ChannelKind, _ settings: ChannelSettings) -> [(String, String)] {
        let values = settings.json.members.compactMap { member in
            (member.value.string ?? member.value.bool.map { "\($0)" }).map { ("settings.\(member.key)", $0) }
        }
        return [("kind", kind.id), ("origin", ChannelFormOrigin.page.rawValue)] + values
    }
}

/// The field for a pasted address, as it was sent.
struct PastedView: Sendable {
    let text: String
    let error: String?

    static let empty = PastedView(text: "", error: nil)

    private init(text: String, error: String?) {
        self.text = text
        self.error = error
    }

    /// An address that no kind takes.
    init(unknown text: String) {
        let isEmpty = text.isEmpty
        self.init(
            text: text,
            error: isEmpty ? "Paste an address." : "No kind of channel has such addresses. Choose one below.")
    }
}
