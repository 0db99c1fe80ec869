import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

extension ChannelRoutes {
    func addMoving(to routes: inout RouteTable) {
        routes.on(.post, Self.path + "/:channel/move", use: move)
    }

    /// Takes `{kind, settings}`, and returns the channel that replaces the old one.
    @Sendable private func move(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ChannelID = try context.uniqueID("channel")
        let version = try request.ifMatch()
        let value = try await request.json()
        let (kinds, policy) = (repository.kinds, policy)
        return try await router.channels.move(
            id, of: context.organization, version: version, as: context.principal
        ) { saved throws(InvalidInput) in
            try ChannelDraft(moving: saved, to: value, kinds: kinds, policy: policy)
        }.createdResponse()
    }
}
