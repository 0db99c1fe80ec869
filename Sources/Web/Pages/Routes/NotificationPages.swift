import EventRouting
import Hummingbird
import Notifications
import Repository

/// The page Notifications: a card for each service of the original, all channels, and a way to add one of any kind.
struct NotificationPages {
    let house: PageHouse

    /// The services that have a card, as on the original's page.
    static let cards = [Slack().id, HipChat().id, WebHook().id]

    func add(to routes: inout RouteTable) {
        house.on(.get, "notifications", query: true, in: .notifications, of: &routes, use: show)
    }

    @Sendable private func show(_ request: Request, _ visit: Visit) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let notice = visit.notice(&query)
        try query.finish()
        return .page(try await page(visit, notice: notice))
    }

    /// The page, with one card's form as it was sent.
    func page(
        _ visit: Visit, notice: PageNotice? = nil, typed: ChannelForm? = nil,
        outcome: ChannelFormView.Outcome = .init(), newSecret: NewSecret? = nil
    ) async throws -> NotificationsPage {
        let channels = try await house.repository.channels(
            of: visit.organization, page: PageRequest(limit: 250), as: visit.principal)
        let records = try await house.repository.records(in: visit.organization, as: visit.principal)
        let successes = try await house.repository.lastSuccesses(in: visit.organization, as: visit.principal)
        let removals = try await house.repository.plannedRemovals(in: visit.organization, as: visit.principal)
        let leaving = Set(removals.map(\.channelID))
        let shown = channels.items.filter { !leaving.contains($0.id) }
        let cards = Self.cards.compactMap(house.kinds.kind).map { kind in
            let isTyped = typed?.kind.id == kind.id
            return ChannelFormView(
                kind: kind, saved: shown.first { $0.kind == kind.id }, typed: isTyped ? typed : nil, origin: .card,
                in: visit, outcome: isTyped ? outcome : .init())
        }
        return NotificationsPage(
            frame: visit.frame(notice: notice), newSecret: newSecret, cards: cards,
            channels: channels.items.map {
                ChannelLine(
                    $0, records[$0.id], lastSuccess: successes[$0.id], isLeaving: leaving.contains($0.id), in: visit)
            },
            kinds: house.kinds.kinds.map { .init(id: $0.id, name: $0.name, summary: $0.summary) },
            canAdd: visit.mayAdminister, isMore: channels.next != nil)
    }
}

struct NotificationsPage: PageModel {
    struct Kind: Sendable {
        let id: String
        let name: String
        let summary: String
    }

    static let template = "notifications"
    let frame: PageFrame
    let newSecret: NewSecret?
    let cards: [ChannelFormView]
    let channels: [ChannelLine]
    let kinds: [Kind]
    let canAdd: Bool
    let isMore: Bool
}

/// A channel in the list of all.
struct ChannelLine: Sendable {
    let path: String
    let name: String
    let kind: String
    let state: StateView
    let reason: String?
    let wants: String
    let lastSuccess: TimeView?
    let trouble: String?
    let undoPath: String?

    init(
        _ channel: Channel, _ record: ChannelRecord?, lastSuccess: Timestamp?, isLeaving: Bool, in visit: Visit
    ) {
        path = visit.path("channels/\(channel.id)")
        name = DisplayText.line(channel.name)
        kind = channel.kindName
        state = StateView(channel.state)
        reason = isLeaving ? "is being removed" : channel.disabledReason
        wants = channel.subscription.words
        self.lastSuccess = TimeView(lastSuccess ?? record?.lastSuccess)
        let isFailing = record?.tries.last.map { !$0.isDelivered } ?? false
        trouble = isFailing ? record?.lastFailure?.finding : nil
        undoPath = isLeaving && visit.mayAdminister ? path + "/undo-removal" : nil
    }
}
