import Hummingbird
import Notifications
import Repository
import WebServing

struct AuditRoutes {
    let repository: Repository

    func add(to routes: inout RouteTable) {
        let path = "/v1/organizations/:organization/audit-log"
        routes.on(.get, path, query: true, use: list)
        routes.on(.get, path + "/head", use: head)
        routes.on(.get, path + "/export", use: export)
        routes.on(.get, "/v1/audit-log", query: true, use: listInstallation)
        routes.on(.get, "/v1/audit-checkpoints", query: true, use: checkpoints)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        var query = QueryReader(request)
        let part = query.page()
        let span = query.span()
        let filter = AuditFilter(
            actor: query.text("actor"), action: query.text("action"), target: query.text("target"), since: span.since,
            until: span.until)
        try query.finish()
        let page = try await repository.auditLog(of: organization, filter: filter, page: part, as: context.principal)
        return .json(page.json(of: request, \.json))
    }

    @Sendable private func listInstallation(_ request: Request, _ context: APIContext) async throws -> Response {
        let part = try QueryReader.page(request)
        let page = try await repository.installationLog(page: part, as: context.principal)
        return .json(page.json(of: request, \.json))
    }

    /// The page size. Clients that archive checkpoints ask again after the last one.
    private static let checkpointsAtOnce = 250

    @Sendable private func checkpoints(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let after = query.wholeNumber("after", in: 0...Int64.max, "Must be a whole number, 0 or more.")
        try query.finish()
        let found = try await repository.auditCheckpoints(
            after: after ?? 0, limit: Self.checkpointsAtOnce, as: context.principal)
        return .json(["data": .array(found.map(\.json))])
    }

    @Sendable private func head(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(try await repository.auditHead(of: context.organization, as: context.principal).json)
    }

    /// The head is taken first and the export stops there, so that the checkpoint in the last line matches the entries
    /// before it, whatever is written meanwhile.
    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        let principal = try context.principal
        let span = try await repository.auditSpan(of: organization, as: principal)
        return AuditLines(
            repository: repository, prunedUpTo: span.prunedUpTo, head: span.head, principal: principal
        ).response()
    }
}
