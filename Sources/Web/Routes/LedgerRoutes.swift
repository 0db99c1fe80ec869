import Hummingbird
import Notifications
import Repository

struct LedgerRoutes {
    let repository: Repository

    func add(to routes: inout RouteTable) {
        routes.on(.get, "/v1/organizations/:organization/ledger", query: true, use: show)
        routes.on(.get, "/v1/ledger", query: true, use: list)
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        var query = QueryReader(request.uri.query)
        let span = query.span()
        try query.finish()
        let ledger = try await repository.ledger(
            of: organization, since: span.since, until: span.until, as: context.principal)
        return .json(.object(ledger.json))
    }

    /// All organizations, with the sums over those of this part.
    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let part = try QueryReader.page(request.uri.query)
        let page = try await repository.ledgers(page: part, as: context.principal)
        return .json(page.json { .object($0.json) })
    }
}
