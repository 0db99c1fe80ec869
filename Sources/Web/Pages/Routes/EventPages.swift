import Hummingbird
import Notifications
import Repository

/// The list of events, and one of them with what became of it at every channel.
struct EventPages {
    let house: PageHouse

    func add(to routes: inout RouteTable) {
        house.on(.get, "events", query: true, in: .events, of: &routes, use: list)
        house.on(.get, "events/:event", in: .events, of: &routes, use: show)
    }

    @Sendable private func list(_ request: Request, _ visit: Visit) async throws -> Response {
        var query = QueryReader(request, isOfForm: true)
        let part = query.page()
        let type: EventType? = query.choice("type")
        let run: LoadTestRunID? = query.numericID("run")
        try query.finish()
        let page = try await house.repository.events(
            of: visit.organization, filter: EventFilter(type: type, runID: run), page: part, as: visit.principal)
        let filter = [type.map { "type=\($0.rawValue)" }, run.map { "run=\($0)" }].compactMap { $0 }
        return .page(
            EventsPage(
                frame: visit.frame(), lines: page.items.map { EventLineView($0, in: visit) },
                types: EventType.allCases.map { .init(value: $0.rawValue, label: $0.words, isChosen: $0 == type) },
                run: run?.description, isFiltered: !filter.isEmpty,
                nextPath: page.next.map {
                    visit.path("events") + "?"
                        + (filter + ["cursor=\($0.text(of: request.uri.path))"]).joined(separator: "&")
                },
                organization: "\(visit.organization)"))
    }

    @Sendable private func show(_ request: Request, _ visit: Visit) async throws -> Response {
        let id: EventID = try visit.context.uniqueID("event")
        let found = try await house.repository.event(id, of: visit.organization, as: visit.principal)
        let link = found.event.content.run.flatMap { visit.standing.organization.runLinkTemplate?.link(to: $0) }
        return .page(
            EventPage(
                frame: visit.frame(found.event.content.headline), event: found.event, link: link,
                outcomes: found.outcomes.map { OutcomeView($0, kinds: house.kinds, in: visit) }))
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

    init(_ event: Event, in visit: Visit) {
        path = visit.path("events/\(event.id)")
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
        // Only an address that cannot be a script becomes a link; templates are checked where they are saved too.
        self.link = link.flatMap { WebAddress.isWritten($0) ? $0 : nil }
        content = event.content.json.compactText
        self.outcomes = outcomes
    }
}

struct OutcomeView: Sendable {
    let channel: String
    let channelPath: String
    let kind: String
    /// Nil where there is no delivery.
    let state: StateView?
    let text: String
    let deliveryPath: String?

    init(_ outcome: ChannelOutcome, kinds: ChannelCatalogue, in visit: Visit) {
        channel = DisplayText.line(outcome.channelName)
        channelPath = visit.path("channels/\(outcome.channelID)")
        kind = kinds.name(of: outcome.kind)
        state = outcome.state.map { StateView($0) }
        text = outcome.text
        deliveryPath = outcome.deliveryID.map { visit.path("deliveries/\($0)") }
    }
}
