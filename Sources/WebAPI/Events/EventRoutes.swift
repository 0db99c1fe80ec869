import EventRouting
import Hummingbird
import HTTPTypes
import Notifications
import Repository
import WebServing

struct EventRoutes {
    let repository: Repository
    let router: EventRouter
    let desk: AdmissionController
    /// The origin that browsers see, if configured.
    let publicOrigin: String?
    let news = NewsDesk()

    func add(to routes: inout RouteTable) {
        routes.on(.post, SpecialPaths.events, use: accept)
        routes.on(.post, SpecialPaths.eventBatch, use: acceptBatch)
        routes.on(.get, "/v1/organizations/:organization/events", query: true, use: list)
        routes.on(.get, "/v1/organizations/:organization/events/live", query: true, use: live)
        routes.on(.get, "/v1/organizations/:organization/events/:event", use: show)
        routes.on(.get, "/v1/organizations/:organization/events/:event/progress", use: progress)
    }

    /// The hot path: one event, one response, nothing logged.
    @Sendable private func accept(_ request: Request, _ context: APIContext) async throws -> Response {
        let key = try request.idempotencyKey()
        let body = try await request.bytes()
        defer { desk.charge(bytes: body.readableBytes, events: 1, to: context.authenticated?.organizationID) }
        let content = try EventContent(reading: try JSONValue.parse(body.readableBytesView))
        let acceptance = try await EventDesk(router: router, desk: desk).take(
            content, idempotencyKey: key, as: context.principal)
        guard acceptance.isReplay else { return .json(.object(acceptance.json), status: .accepted) }
        return .json(.object(acceptance.json), headers: [.idempotentReplayed: "true"])
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        var query = QueryReader(request)
        let part = query.page()
        let span = query.span()
        let filter = EventFilter(
            type: query.choice("type"), runID: query.numericID("load_test_run_id"),
            statuses: query.statuses("statuses"), projectID: query.numericID("project_id"), name: query.text("name"),
            since: span.since, until: span.until)
        try query.finish()
        let page = try await repository.events(of: organization, filter: filter, page: part, as: context.principal)
        return .json(page.json(of: request) { .object($0.json) })
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: EventID = try context.uniqueID("event")
        let found = try await repository.event(id, of: context.organization, as: context.principal)
        var object = found.event.json
        object["outcomes"] = .array(found.outcomes.map(\.json))
        return .json(.object(object))
    }
}

extension EventRoutes {
    /// Whom the event was sent to, for the program that posted it.
    @Sendable private func progress(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: EventID = try context.uniqueID("event")
        let followed = try await repository.follow(id, of: context.organization, as: context.principal)
        let run = followed.event.content.run?.id
        let path = run.map { "/organizations/\(followed.event.organizationID)/runs/\($0)" }
        return .json([
            "id": JSONValue(id), "skipped": .integer(Int64(followed.skipped)),
            "disabled": .array(followed.disabled.map(\.name)),
            "deliveries": .array(followed.deliveries.map(\.json)), "page_path": JSONValue(path),
            "page_url": JSONValue(path.flatMap { path in publicOrigin.map { $0 + path } }),
        ])
    }
}

extension QueryReader {
    /// Documented codes, separated by commas.
    fileprivate mutating func statuses(_ name: String) -> [TestStatus]? {
        value(name, "Must be documented codes, -1 to 12, separated by commas.") { text in
            let codes = text.pieces(between: ",")
            let statuses = codes.compactMap { code in
                Int64(code).flatMap { code.sameBytes(as: String($0)) ? TestStatus(rawValue: $0) : nil }
            }
            return statuses.count == codes.count && codes.count <= TestStatus.allCases.count ? statuses : nil
        }
    }
}
