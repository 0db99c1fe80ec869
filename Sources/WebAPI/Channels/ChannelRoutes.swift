import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

struct ChannelRoutes {
    let repository: Repository
    let router: EventRouter
    let tester: ChannelTester
    let policy: EgressPolicy

    static let path = "/v1/organizations/:organization/channels"

    func add(to routes: inout RouteTable) {
        routes.on(.get, Self.path, query: true, use: list)
        routes.on(.post, Self.path, use: create)
        routes.on(.get, Self.path + "/:channel", use: show)
        routes.on(.put, Self.path + "/:channel", use: replace)
        routes.on(.delete, Self.path + "/:channel", use: remove)
        addMoving(to: &routes)
        addPausing(to: &routes)
        addTesting(to: &routes)
        addRevisions(to: &routes)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let part = try QueryReader.page(request)
        let page = try await repository.channelsWithHealth(
            of: context.organization, page: part, as: context.principal)
        return .json(page.json(of: request) { listed in .object(listed.channel.json(listed.health)) })
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        let draft = draft(try await request.json())
        let channel = try await router.channels.create(in: organization, as: context.principal, draft: draft)
        return channel.createdResponse()
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ChannelID = try context.uniqueID("channel")
        let found = try await repository.channelWithHealth(id, of: context.organization, as: context.principal)
        var object = found.channel.json(found.health)
        object["address_fingerprint"] = JSONValue(repository.fingerprints.text(of: found.channel))
        return .json(.object(object), headers: found.channel.eTag)
    }

    @Sendable private func replace(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ChannelID = try context.uniqueID("channel")
        let version = try request.ifMatch()
        let value = try await request.json()
        let (kinds, policy) = (repository.kinds, policy)
        let channel = try await router.channels.replace(
            id, of: context.organization, version: version, as: context.principal
        ) { saved throws(InvalidInput) in
            try ChannelDraft(reading: value, kinds: kinds, policy: policy, replacing: saved)
        }
        return channel.response()
    }

    @Sendable private func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ChannelID = try context.uniqueID("channel")
        try await router.channels.remove(
            id, of: context.organization, version: request.ifMatch(), as: context.principal)
        return .noContent
    }

    /// Parses a draft, once the permission has been checked.
    func draft(_ value: JSONValue, path: String = "") -> @Sendable () throws(InvalidInput) -> ChannelDraft {
        let (kinds, policy) = (repository.kinds, policy)
        return { () throws(InvalidInput) in
            try ChannelDraft(reading: value, kinds: kinds, policy: policy, path: path)
        }
    }
}
