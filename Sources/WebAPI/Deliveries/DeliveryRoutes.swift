import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

struct DeliveryRoutes {
    let repository: Repository
    let router: EventRouter

    func add(to routes: inout RouteTable) {
        let path = "/v1/organizations/:organization/deliveries"
        routes.on(.get, path, query: true, use: list)
        routes.on(.get, path + "/:delivery", use: show)
        routes.on(.post, path + "/:delivery/retry", use: retry)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        var query = QueryReader(request)
        let part = query.page()
        let span = query.span()
        let filter = DeliveryFilter(
            state: query.choice("state"), channelID: query.uniqueID("channel_id"), eventID: query.uniqueID("event_id"),
            since: span.since, until: span.until)
        try query.finish()
        let page = try await repository.deliveries(of: organization, filter: filter, page: part, as: context.principal)
        return .json(page.json(of: request) { .object($0.json) })
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: DeliveryID = try context.uniqueID("delivery")
        let found = try await repository.delivery(id, of: context.organization, as: context.principal)
        var object = found.delivery.json
        object["attempts"] = .array(found.attempts.map(\.json))
        return .json(.object(object))
    }

    @Sendable private func retry(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: DeliveryID = try context.uniqueID("delivery")
        try await request.expectNothing()
        let delivery = try await router.retry(id, of: context.organization, as: context.principal)
        return .json(.object(delivery.json), status: .accepted)
    }
}
