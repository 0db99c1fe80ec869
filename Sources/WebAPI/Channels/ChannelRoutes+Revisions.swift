import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

extension ChannelRoutes {
    func addRevisions(to routes: inout RouteTable) {
        let channel = Self.path + "/:channel"
        routes.on(.get, channel + "/revisions", query: true, use: revisions)
        routes.on(.post, channel + "/revisions/:revision/restore", use: restore)
        routes.on(.post, channel + "/rotate-secret", use: rotateSecret)
    }

    @Sendable private func revisions(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ChannelID = try context.uniqueID("channel")
        let part = try QueryReader.page(request)
        let page = try await repository.revisions(
            of: id, in: context.organization, page: part, as: context.principal)
        return .json(page.json(of: request, \.json))
    }

    @Sendable private func restore(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ChannelID = try context.uniqueID("channel")
        let revision = try context.canonicalNumber("revision")
        let version = try request.ifMatch()
        try await request.expectNothing()
        return try await router.channels.restore(
            revision: revision, of: id, in: context.organization, version: version, as: context.principal
        ).response()
    }

    /// Takes `{overlap_hours}`: how long the old secret keeps signing too.
    @Sendable private func rotateSecret(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ChannelID = try context.uniqueID("channel")
        let version = try request.ifMatch()
        var fields = FieldReader(try await request.jsonOrNothing())
        let hours = fields.integer("overlap_hours", .optional, in: 0...168)
        try fields.finish()
        let rotated = try await router.channels.rotateSecret(
            of: id, in: context.organization, version: version, overlap: .seconds(3600 * (hours ?? 24)),
            as: context.principal)
        var object = rotated.channel.json
        object["signing_secret"] = .string(rotated.secret.reveal())
        object["previous_until"] = JSONValue(rotated.previousUntil)
        return .json(.object(object), headers: rotated.channel.eTag)
    }
}
