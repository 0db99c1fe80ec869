import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

/// The Notifications page: a card for each service of the original, all channels, and a way to add one of any kind.
struct NotificationPages {
    let dependencies: PageDependencies

    /// The services that have a card, as in the original.
    static let cards = [Slack().id, HipChat().id, WebHook().id]

    func add(to routes: inout RouteTable) {
        dependencies.on(.get, "notifications", query: true, in: .notifications, of: &routes, use: show)
    }

    @Sendable private func show(_ request: Request, _ page: PageContext) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let notice = page.notice(&query)
        try query.finish()
        return .page(try await model(page, notice: notice))
    }

    /// The page, with one card's form as submitted.
    func model(
        _ page: PageContext, notice: PageNotice? = nil, typed: ChannelForm? = nil,
        outcome: ChannelFormView.Outcome = .init(), newSecret: NewSecret? = nil, pasted: PastedView = .empty
    ) async throws -> NotificationsPage {
        let channels = try await dependencies.repository.channels(
            of: page.organization, page: PageRequest(limit: 250), as: page.principal)
        let records = try await dependencies.repository.recentAttemptsByChannel(
            in: page.organization, as: page.principal)
        let successes = try await dependencies.repository.lastSuccesses(in: page.organization, as: page.principal)
        let removals = try await dependencies.repository.plannedRemovals(in: page.organization, as: page.principal)
        let leaving = Set(removals.map(\.channelID))
        let shown = channels.items.filter { !leaving.contains($0.id) }
        let cards = Self.cards.compactMap(dependencies.kinds.kind).map { kind in
            let isTyped = typed?.kind.id == kind.id
            return ChannelFormView(
                kind: kind, saved: shown.first { $0.kind == kind.id }, typed: isTyped ? typed : nil, origin: .card,
                in: page, outcome: isTyped ? outcome : .init())
        }
        return NotificationsPage(
            frame: page.frame(notice: notice), newSecret: newSecret, cards: cards,
            channels: channels.items.map {
                ChannelLine(
                    $0, records[$0.id], lastSuccess: successes[$0.id], isLeaving: leaving.contains($0.id), in: page)
            },
            groups: KindGroupView.all(in: dependencies.kinds), pasted: pasted,
            canAdd: page.mayAdminister, isMore: channels.next != nil)
    }
}

struct NotificationsPage: PageModel {
    static let template = "notifications"
    let frame: PageFrame
    let newSecret: NewSecret?
    let cards: [ChannelFormView]
    let channels: [ChannelLine]
    let groups: [KindGroupView]
    let pasted: PastedView
    let canAdd: Bool
    let isMore: Bool
}

/// A channel in the list of all channels.
struct ChannelLine: Sendable {
    let path: String
    let name: String
    let kind: String
    let state: StateView
    let reason: String?
    let wants: String
    let lastSuccess: TimeView?
    let problem: String?
    let undoPath: String?

    init(
        _ channel: Channel, _ record: RecentAttempts?, lastSuccess: Timestamp?, isLeaving: Bool, in page: PageContext
    ) {
        path = page.path("channels/\(channel.id)")
        name = DisplayText.line(channel.name)
        kind = channel.kindName
        state = StateView(channel.state)
        reason = isLeaving ? "is being removed" : channel.disabledReason
        wants = channel.subscription.words
        self.lastSuccess = TimeView(lastSuccess ?? record?.lastSuccess)
        let isFailing = record?.attempts.last.map { !$0.isDelivered } ?? false
        problem = isFailing ? record?.lastFailure?.finding : nil
        undoPath = isLeaving && page.mayAdminister ? path + "/undo-removal" : nil
    }
}
