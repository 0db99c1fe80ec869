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
        dependencies.on(.get, "deliveries/csv", query: true, in: .deliveries, of: &routes, use: export)
        dependencies.on(.post, "deliveries/retry", in: .deliveries, of: &routes, use: retrySelected)
        dependencies.on(.get, "deliveries/:delivery", query: true, in: .deliveries, of: &routes, use: show)
        dependencies.on(.post, "deliveries/:delivery/retry", in: .deliveries, of: &routes, use: retry)
    }

    @Sendable private func list(_ request: Request, _ page: PageContext) async throws -> Response {
        var search = DeliverySearch(request.uri.query, of: page.path("deliveries"))
        if let name = search.channelName, let id = try await channel(named: name, &search, page) {
            let rest = search.query.text
            return .see(page.path("deliveries?channel=\(id)") + (rest.isEmpty ? "" : "&\(rest)"))
        }
        let (rows, next) = try await rows(search, page)
        let query = search.query.text
        return .page(
            DeliveriesPage(
                frame: page.frame(notice: search.notice), rows: rows,
                channel: try await channelFilter(search, page),
                states: DeliveryState.allCases.map {
                    .init(value: $0.rawValue, label: $0.rawValue, isChosen: $0 == search.filter.state)
                },
                run: search.runText,
                presets: PresetView.all(at: dependencies.repository.time) {
                    page.path("deliveries?\(search.query.text(since: $0))")
                },
                since: search.sinceText, until: search.untilText, limit: search.query.limit,
                errors: search.errors, isFiltered: !search.query.isEmpty || !search.errors.isEmpty,
                isFirst: search.page.cursor == nil,
                livePath: page.path("deliveries/live") + (query.isEmpty ? "" : "?\(query)"),
                csvPath: page.path("deliveries/csv") + (request.uri.query.map { "?\($0)" } ?? ""),
                selectionPath: page.mayAdminister ? page.path("deliveries/retry") : nil,
                here: search.here(in: page.path("deliveries")),
                nextPath: next.map { page.path("deliveries") + "?\(query.isEmpty ? "" : query + "&")cursor=\($0)" },
                command: OnboardingView.loadTest(in: page),
                replaysPath: page.mayAdminister ? page.path("replays") : nil))
    }

    @Sendable private func live(_ request: Request, _ page: PageContext) async throws -> Response {
        let search = DeliverySearch(request.uri.query, of: page.path("deliveries"))
        guard search.isComplete else { throw Problem.notFound }
        // Who may retry has boxes in the rows.
        let (cursor, limit) = (search.page.cursor?.position ?? "", search.page.limit)
        let place = "\(page.mayAdminister)&\(search.query.text)&cursor=\(cursor)&limit=\(limit)"
        return try streams.open(
            LiveList(organization: page.organization, query: Array(place.utf8)), for: page, dependencies
        ) {
            try await rows(search, page).rows
        }
    }

    func rows(_ search: DeliverySearch, _ page: PageContext) async throws -> (rows: DeliveryRows, next: String?) {
        guard search.isComplete else { return (DeliveryRows(lines: []), nil) }
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
        let filter = DeliveryFilter(channelID: found.delivery.channelID, eventID: found.delivery.eventID)
        let lines = try await dependencies.repository.deliveryBoard(
            of: page.organization, filter: filter, page: PageRequest(limit: 1), as: page.principal)
        guard let line = lines.items.first else { throw Problem.notFound }
        let requests =
            page.mayAdminister
            ? try await dependencies.tester.requests(
                of: found.attempts, of: found.delivery, line.content, as: page.principal) : [:]
        return .page(DeliveryPage(line, found.attempts, requests: requests, notice: notice, in: page))
    }

    @Sendable private func retry(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: DeliveryID = try page.context.uniqueID("delivery")
        _ = try await page.form(request)
        _ = try await dependencies.router.retry(id, of: page.organization, again: true, as: page.principal)
        return .see(page.path("deliveries/\(id)") + "?done=\(PageNotice.retried.rawValue)")
    }
}

struct DeliveriesPage: PageModel {
    static let template = "deliveries"
    let frame: PageFrame
    let rows: DeliveryRows
    let channel: ChannelFilterView
    let states: [FilterChoice]
    let run: String
    let presets: [PresetView]
    let since: String
    let until: String
    let limit: Int?
    let errors: [String]
    let isFiltered: Bool
    let isFirst: Bool
    let livePath: String
    let csvPath: String
    let selectionPath: String?
    /// What the list shows, as a query.
    let here: String
    let nextPath: String?
    /// What runs a first load test.
    let command: String
    let replaysPath: String?
}

/// Only the rows, for updates of the live list.
struct DeliveryRows: PageModel {
    static let template = "delivery_rows"
    let lines: [DeliveryLineView]
}
