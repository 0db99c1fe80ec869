import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

extension ChannelRoutes {
    func addPausing(to routes: inout RouteTable) {
        routes.on(.post, Self.path + "/:channel/pause", use: pause)
        routes.on(.post, Self.path + "/:channel/resume", use: resume)
    }

    @Sendable private func pause(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ChannelID = try context.uniqueID("channel")
        let version = try request.ifMatch()
        try await request.expectNothing()
        return try await router.channels.pause(
            id, of: context.organization, version: version, as: context.principal
        ).response()
    }

    /// Takes `{skip_older_than}`: waiting deliveries of events received before that time are skipped.
    @Sendable private func resume(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ChannelID = try context.uniqueID("channel")
        let version = try request.ifMatch()
        var fields = FieldReader(try await request.jsonOrNothing())
        let limit = fields.time("skip_older_than", .orNull)
        try fields.finish()
        return try await router.channels.resume(
            id, of: context.organization, version: version, skipOlderThan: limit, as: context.principal
        ).response()
    }
}
