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
        var query = QueryReader(request, isOfForm: true)
        let part = query.page()
        let type: EventType? = query.choice("type")
        let run: LoadTestRunID? = query.numericID("run")
        try query.finish()
        let found = try await dependencies.repository.events(
            of: page.organization, filter: EventFilter(type: type, runID: run), page: part, as: page.principal)
        let filter = [type.map { "type=\($0.rawValue)" }, run.map { "run=\($0)" }].compactMap { $0 }
        return .page(
            EventsPage(
                frame: page.frame(), lines: found.items.map { EventLineView($0, in: page) },
                types: EventType.allCases.map { .init(value: $0.rawValue, label: $0.words, isChosen: $0 == type) },
                run: run?.description, isFiltered: !filter.isEmpty,
                nextPath: found.next.map {
                    page.path("events") + "?"
                        + (filter + ["cursor=\($0.text(of: request.uri.path))"]).joined(separator: "&")
                },
                organization: "\(page.organization)"))
    }

    @Sendable private func show(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: EventID = try page.context.uniqueID("event")
        let found = try await dependencies.repository.event(id, of: page.organization, as: page.principal)
        let link = found.event.content.run.flatMap { run in
            run.context.runURL ?? page.membership.organization.runLinkTemplate?.link(to: run)
        }
        return .page(
            EventPage(
                frame: page.frame(found.event.content.headline), event: found.event, link: link,
                outcomes: found.outcomes.map { OutcomeView($0, kinds: dependencies.kinds, in: page) }))
    }
}

struct EventsPage: PageModel {
    static let template = "events"
    let frame: PageFrame
    let lines: [EventLineView]
    let types: [FilterChoice]
    let run: String?
    let isFiltered: Bool
    let nextPath: String?
    let organization: String
}

struct EventLineView: Sendable {
    let path: String
    let sequence: Int64
    let at: TimeView
    let headline: String
    let name: String?
    let run: String?
    let status: String?

    init(_ event: Event, in page: PageContext) {
        path = page.path("events/\(event.id)")
        sequence = event.sequence
        at = TimeView(event.receivedAt)
        headline = event.content.headline
        name = event.content.run?.displayName
        run = event.content.run?.id.description
        status = event.content.run.map { DisplayText.line($0.statusText) }
    }
}

struct EventPage: PageModel {
    struct Fact: Sendable {
        let label: String
        let value: String
    }

    static let template = "event"
    let frame: PageFrame
    let name: String?
    let facts: [Fact]
    let link: String?
    let content: String
    let outcomes: [OutcomeView]

    init(frame: PageFrame, event: Event, link: String?, outcomes: [OutcomeView]) {
        self.frame = frame
        name = event.content.run?.displayName
        let common = [
            Fact(label: "Event", value: event.content.type.rawValue),
            Fact(label: "Received", value: TimeView(event.receivedAt).text + " UTC"),
            Fact(label: "Sequence", value: String(event.sequence)), Fact(label: "ID", value: event.id.text),
        ]
        facts = (event.content.run?.facts ?? []).map { Fact(label: $0.label, value: $0.value) } + common
        // Only an address that cannot be a script becomes a link. Both kinds are also checked when they are saved.
        self.link = link.flatMap { WebAddress.isWritten($0) ? $0 : nil }
        content = event.content.json.compactText
        self.outcomes = outcomes
    }
}

struct OutcomeView: Sendable {
    let channel: String
    let channelPath: String
    let kind: String
    /// Nil if there is no delivery.
    let state: StateView?
    let text: String
    let deliveryPath: String?

    init(_ outcome: ChannelOutcome, kinds: ChannelCatalogue, in page: PageContext) {
        channel = DisplayText.line(outcome.channelName)
        channelPath = page.path("channels/\(outcome.channelID)")
        kind = kinds.name(of: outcome.kind)
        state = outcome.state.map { StateView($0) }
        text = outcome.text
        deliveryPath = outcome.deliveryID.map { page.path("deliveries/\($0)") }
    }
}
