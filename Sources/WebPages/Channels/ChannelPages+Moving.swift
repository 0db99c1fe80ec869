import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

/// Moving a channel whose service has ended to another kind. Its name and subscription stay.
extension ChannelPages {
    func addMoving(to routes: inout RouteTable) {
        dependencies.on(.post, "channels/:channel/move", in: .notifications, of: &routes, use: move)
    }

    /// The new address tells the kind.
    @Sendable private func move(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: ChannelID = try page.context.uniqueID("channel")
        let draft = try draft(from: try await page.form(request).text("address") ?? "")
        let channel = try await dependencies.router.channels.move(
            id, of: page.organization, as: page.principal, draft: draft)
        if let secret = NewSecret(madeFor: channel, in: page) {
            return .page(try await model(channel.id, page, notice: .created, newSecret: secret))
        }
        return .see(page.path("channels/\(channel.id)") + "?done=\(PageNotice.created(channel).rawValue)")
    }

    private func draft(
        from address: String
    ) throws(Problem) -> @Sendable (Channel) throws(InvalidInput) -> ChannelDraft {
        guard let found = dependencies.kinds.recognize(address) else {
            throw .invalid([ValidationError("address", "No kind of channel has such addresses.")])
        }
        let value: JSONValue = ["kind": .string(found.kind.id), "settings": .object(found.settings.json)]
        let (kinds, policy) = (dependencies.kinds, dependencies.policy)
        return { saved throws(InvalidInput) in
            try ChannelDraft(moving: saved, to: value, kinds: kinds, policy: policy)
        }
    }
}
