import Hummingbird
import Notifications
import Repository
import WebServing

struct LedgerRoutes {
    let repository: Repository

    func add(to routes: inout RouteTable) {
        routes.on(.get, "/v1/organizations/:organization/ledger", query: true, use: show)
        routes.on(.get, "/v1/ledger", query: true, use: list)
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        var query = QueryReader(request)
        let span = query.span()
        let check: LedgerCheck? = query.choice("check")
        try query.finish()
        let ledger = try await repository.ledger(
            of: organization, since: span.since, until: span.until, isWhole: check == .whole, as: context.principal)
        return .json(.object(ledger.json))
    }

    /// Of all organizations, a page at a time.
    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let part = query.page()
        let check: LedgerCheck? = query.choice("check")
        try query.finish()
        let page = try await repository.ledgers(page: part, isWhole: check == .whole, as: context.principal)
        return .json(page.json(of: request) { .object($0.json) })
    }
}

/// The values of a ledger's `check` parameter.
enum LedgerCheck: String, CaseIterable {
    /// Counts all rows, without relying on stored totals.
    case whole
}
