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
        var query = QueryReader(request.uri.query, isOfForm: true)
        let notice = page.notice(&query)
        let search = ChannelSearch(&query)
        try query.finish()
        return .page(try await model(page, notice: notice, search: search))
    }

    /// The page, with one card's form as submitted.
    func model(
        _ page: PageContext, notice: PageNotice? = nil, search: ChannelSearch = ChannelSearch(),
        typed: ChannelForm? = nil, outcome: ChannelFormView.Outcome = .init(), newSecret: NewSecret? = nil,
        pasted: PastedView = .empty
    ) async throws -> NotificationsPage {
        let board = try await dependencies.repository.channelBoard(
            of: page.organization, search, opening: Self.cards, as: page.principal)
        let figures = try await dependencies.repository.figures(of: nil, in: page.organization, as: page.principal)
        let onboarding = try await dependencies.repository.onboarding(of: page.organization, as: page.principal)
        let cards = Self.cards.compactMap(dependencies.kinds.kind).map { kind in
            let isTyped = typed?.kind.id == kind.id
            let saved = board.first.first { $0.kind == kind.id }
            let siblings = SiblingsView(of: saved, kind, count: board.ofKind[kind.id] ?? 0, in: page)
            var form = ChannelFormView(
                kind: kind, saved: saved, typed: isTyped ? typed : nil, origin: .card, in: page,
                fingerprint: siblings == nil ? nil : saved.flatMap(dependencies.repository.fingerprints.text),
                outcome: isTyped ? outcome : .init())
            form.siblings = siblings
            return form
        }
        return NotificationsPage(
            frame: page.frame(notice: notice, isError: outcome.isRefusal || pasted.error != nil), newSecret: newSecret,
            onboarding: OnboardingView(onboarding, in: page),
            cards: cards,
            failing: FailingView.all(board, in: page), figures: board.total == 0 ? nil : FiguresView(figures),
            list: ChannelListView(board, search, in: page), groups: KindGroupView.all(in: dependencies.kinds),
            pasted: pasted, canAdd: page.mayAdminister)
    }
}

struct NotificationsPage: PageModel {
    static let template = "notifications"
    let frame: PageFrame
    let newSecret: NewSecret?
    let onboarding: OnboardingView?
    let cards: [ChannelFormView]
    let failing: [FailingView]
    /// Nil without a channel.
    let figures: FiguresView?
    let list: ChannelListView
    let groups: [KindGroupView]
    let pasted: PastedView
    let canAdd: Bool
}
