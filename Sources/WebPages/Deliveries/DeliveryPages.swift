import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

/// The live list of deliveries, and a single delivery with its attempts.
struct DeliveryPages {
    let dependencies: PageDependencies
    let streams: LiveStreams

    func add(to routes: inout RouteTable) {
        dependencies.on(.get, "deliveries", query: true, in: .deliveries, of: &routes, use: list)
        dependencies.on(.get, "deliveries/live", query: true, in: .deliveries, of: &routes, use: live)
        dependencies.on(.get, "deliveries/:delivery", query: true, in: .deliveries, of: &routes, use: show)
        dependencies.on(.post, "deliveries/:delivery/retry", in: .deliveries, of: &routes, use: retry)
    }

    @Sendable private func list(_ request: Request, _ page: PageContext) async throws -> Response {
        let search = try DeliverySearch(request.uri.query, of: page.path("deliveries"))
        let channels = try await dependencies.repository.channels(
            of: page.organization, page: PageRequest(limit: 250), as: page.principal)
        let (rows, next) = try await rows(search, page)
        let query = search.query
        return .page(
            DeliveriesPage(
                frame: page.frame(), rows: rows,
                channels: channels.items.map {
                    .init(
                        value: $0.id.text, label: DisplayText.line($0.name), isChosen: $0.id == search.filter.channelID)
                },
                states: DeliveryState.allCases.map {
                    .init(value: $0.rawValue, label: $0.rawValue, isChosen: $0 == search.filter.state)
                },
                run: search.filter.runID?.description, since: search.sinceText, until: search.untilText,
                errors: search.errors, isFiltered: !query.isEmpty, isFirst: search.page.cursor == nil,
                livePath: page.path("deliveries/live") + (query.isEmpty ? "" : "?\(query)"),
                nextPath: next.map { page.path("deliveries") + "?\(query.isEmpty ? "" : query + "&")cursor=\($0)" },
                organization: "\(page.organization)", replaysPath: page.mayAdminister ? page.path("replays") : nil))
    }

    @Sendable private func live(_ request: Request, _ page: PageContext) async throws -> Response {
        let search = try DeliverySearch(request.uri.query, of: page.path("deliveries"))
        guard search.errors.isEmpty else { throw Problem.notFound }
        let place = "\(search.query)&cursor=\(search.page.cursor?.position ?? "")&limit=\(search.page.limit)"
        return try streams.open(
            LiveList(organization: page.organization, query: Array(place.utf8)), for: page, dependencies
        ) {
            try await rows(search, page).rows
        }
    }

    private func rows(_ search: DeliverySearch, _ page: PageContext) async throws -> (rows: DeliveryRows, next: String?)
    {
        guard search.errors.isEmpty else { return (DeliveryRows(lines: []), nil) }
        let found = try await dependencies.repository.deliveryBoard(
            of: page.organization, filter: search.filter, page: search.page, as: page.principal)
        return (
            DeliveryRows(lines: found.items.map { DeliveryLineView($0, in: page) }),
            found.next?.text(of: page.path("deliveries"))
        )
    }

    @Sendable private func show(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: DeliveryID = try page.context.uniqueID("delivery")
        var query = QueryReader(request.uri.query)
        let notice = page.notice(&query)
        try query.finish()
        let found = try await dependencies.repository.delivery(id, of: page.organization, as: page.principal)
        let event = try await dependencies.repository.event(
            found.delivery.eventID, of: page.organization, as: page.principal)
        let outcome = event.outcomes.first { $0.deliveryID == id }
        return .page(
            DeliveryPage(frame: page.frame("Delivery", notice: notice), found, event.event, outcome, in: page))
    }

    @Sendable private func retry(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: DeliveryID = try page.context.uniqueID("delivery")
        _ = try await page.form(request)
        _ = try await dependencies.router.retry(id, of: page.organization, as: page.principal)
        return .see(page.path("deliveries/\(id)") + "?done=\(PageNotice.retried.rawValue)")
    }
}

struct DeliveriesPage: PageModel {
    static let template = "deliveries"
    let frame: PageFrame
    let rows: DeliveryRows
    let channels: [FilterChoice]
    let states: [FilterChoice]
    let run: String?
    let since: String
    let until: String
    let errors: [String]
    let isFiltered: Bool
    let isFirst: Bool
    let livePath: String
    let nextPath: String?
    let organization: String
    let replaysPath: String?
}

/// Only the rows, for updates of the live list.
struct DeliveryRows: PageModel {
    static let template = "delivery_rows"
    let lines: [DeliveryLineView]
}
