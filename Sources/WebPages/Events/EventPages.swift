import Hummingbird
import Notifications
import Repository
import WebServing

/// The list of events, and a single event with its outcome for every channel.
struct EventPages {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        dependencies.on(.get, "events", query: true, in: .events, of: &routes, use: list)
        dependencies.on(.get, "events/:event", in: .events, of: &routes, use: show)
    }

    @Sendable private func list(_ request: Request, _ page: PageContext) async throws -> Response {
        let search = EventSearch(request.uri.query, of: page.path("events"))
        let found = search.errors.isEmpty ? try await events(search, page) : Page(items: [], next: nil)
        let query = search.query.text
        return .page(
            EventsPage(
                frame: page.frame(), lines: found.items.map { EventLineView($0, in: page) },
                types: EventType.allCases.map {
                    .init(value: $0.rawValue, label: $0.words, isChosen: $0 == search.filter.type)
                }, run: search.runText, name: search.nameText, project: search.projectText,
                statuses: TestStatus.allCases.map { status in
                    .init(
                        value: "\(status.code)", label: status.text,
                        isChosen: search.filter.statuses?.contains(status) == true)
                },
                presets: PresetView.all(at: dependencies.repository.time) {
                    page.path("events?\(search.query.text(since: $0))")
                }, since: search.sinceText, until: search.untilText, limit: search.query.limit, errors: search.errors,
                isFiltered: !search.query.isEmpty || !search.errors.isEmpty,
                nextPath: found.next.map {
                    page.path("events?\(query.isEmpty ? "" : query + "&")cursor=\($0.text(of: page.path("events")))")
                },
                command: OnboardingView.loadTest(in: page)))
    }

    private func events(_ search: EventSearch, _ page: PageContext) async throws(RepositoryError) -> Page<Event> {
        try await dependencies.repository.events(
            of: page.organization, filter: search.filter, page: search.page, as: page.principal)
    }

    @Sendable private func show(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: EventID = try page.context.uniqueID("event")
        let found = try await dependencies.repository.eventWithDigest(id, of: page.organization, as: page.principal)
        return .page(
            EventPage(
                found.event,
                outcomes: OutcomeView.first(of: found.digest, kinds: dependencies.kinds, in: page), in: page))
    }
}

struct EventsPage: PageModel {
    static let template = "events"
    let frame: PageFrame
    let lines: [EventLineView]
    let types: [FilterChoice]
    let run: String
    let name: String
    let project: String
    let statuses: [FilterChoice]
    let presets: [PresetView]
    let since: String
    let until: String
    let limit: Int?
    let errors: [String]
    let isFiltered: Bool
    let nextPath: String?
    /// What runs a first load test.
    let command: String
}

struct EventLineView: Sendable {
    let path: String
    let sequence: Int64
    let at: TimeView
    let headline: String
    let name: String?
    let run: String?
    let runPath: String
    let status: String?

    init(_ event: Event, in page: PageContext) {
        path = page.path("events/\(event.id)")
        sequence = event.sequence
        at = TimeView(event.receivedAt)
        headline = event.content.headline
        name = event.content.name.map { DisplayText.cut($0, to: 160) }
        run = event.content.run?.id.description
        runPath = page.path("runs/\(run ?? "")")
        status = event.content.run.map { DisplayText.line($0.statusText) }
    }
}

extension EventContent {
    /// The load test's name, or what a message says.
    var name: String? { run?.displayName ?? message.map { DisplayText.line($0.text) } }
}

struct EventPage: PageModel {
    static let template = "event"
    let frame: PageFrame
    let name: LongText?
    let run: String?
    let runPath: String?
    let facts: [FactView]
    let link: String?
    let content: String
    let outcomes: [OutcomeView]
    /// How many more there are, and where.
    let rest: Int?
    let restPath: String

    init(_ event: Event, outcomes: (shown: [OutcomeView], rest: Int?), in page: PageContext) {
        frame = page.frame(event.content.headline)
        run = event.content.run?.id.description
        runPath = event.content.run.map { page.path("runs/\($0.id)") }
        name = event.content.name.map { LongText($0) }
        let common = [
            FactView(label: "Event", value: event.content.type.rawValue),
            FactView(label: "Received", value: TimeView(event.receivedAt).text + " UTC"),
            FactView(label: "Sequence", value: String(event.sequence)), FactView(label: "ID", value: event.id.text),
        ]
        facts = event.content.facts.map { FactView($0) } + common
        link = page.link(of: event.content)
        content = String(decoding: event.content.json.shownBytes, as: UTF8.self)
        self.outcomes = outcomes.shown
        rest = outcomes.rest
        restPath = page.path("deliveries" + (event.content.run.map { "?run=\($0.id)" } ?? ""))
    }
}
