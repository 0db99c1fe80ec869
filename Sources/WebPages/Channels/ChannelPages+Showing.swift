import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

extension ChannelPages {
    @Sendable func show(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: ChannelID = try page.context.uniqueID("channel")
        var query = QueryReader(request.uri.query)
        let notice = page.notice(&query)
        let preview = query.text("preview")
        try query.finish()
        return .page(try await model(id, page, notice: notice, preview: preview))
    }

    /// The page of a channel, with its form as submitted.
    func model(
        _ id: ChannelID, _ page: PageContext, notice: PageNotice? = nil, preview: String? = nil,
        typed: ChannelForm? = nil,
        outcome: ChannelFormView.Outcome = .init(), newSecret: NewSecret? = nil
    ) async throws -> ChannelPage {
        let (organization, principal) = (page.organization, page.principal)
        let (channel, health) = try await dependencies.repository.channelWithHealth(id, of: organization, as: principal)
        guard let kind = channel.knownKind else { throw Problem.notFound }
        let record = try await dependencies.repository.recentAttempts(of: id, in: organization, as: principal)
        let figures = try await dependencies.repository.figures(of: id, in: organization, as: principal)
        let removals = try await dependencies.repository.plannedRemovals(in: organization, as: principal)
        let form = ChannelFormView(
            kind: kind, saved: channel, typed: typed, origin: .page, in: page,
            fingerprint: dependencies.repository.fingerprints.text(of: channel), outcome: outcome)
        var model = ChannelPage(
            frame: page.frame(DisplayText.line(channel.name), notice: notice, isError: outcome.isRefusal),
            channel: channel, kind: kind,
            path: page.path("channels/\(id)"), form: form, health: HealthView(record, health), known: health,
            mayChange: page.mayAdminister)
        model.figures = FiguresView(figures)
        model.removal = TimeView(removals.first { $0.channelID == id }?.dueAt)
        model.newSecret = newSecret
        let now = dependencies.repository.time
        model.certificates = kind.certificates(in: channel.settings).map { CertificateView($0, at: now) }
        if page.mayAdminister {
            model.preview = try await self.preview(preview, of: channel, page)
            model.revisions = try await revisions(of: channel, page)
            let tests = try await dependencies.repository.tests(of: id, in: organization, as: principal)
            let names = try await dependencies.names(tests.items.map(\.actor), page)
            model.tests = tests.items.map { TestLineView($0, names) }
        }
        return model
    }

    private func revisions(of channel: Channel, _ page: PageContext) async throws -> [RevisionView] {
        let newest = try await dependencies.repository.revisions(
            of: channel.id, in: page.organization, page: PageRequest(limit: 21), as: page.principal)
        let all = newest.items
        let names = try await dependencies.names(all.map(\.actor), page)
        return all.indices.prefix(20).map { index in
            RevisionView(
                all[index], by: names.who(all[index].actor),
                before: index + 1 < all.count ? all[index + 1].channel : nil, current: channel)
        }
    }
}

struct ChannelPage: PageModel {
    static let template = "channel"
    let frame: PageFrame
    let path: String
    let kindName: String
    let state: StateView
    let failingSince: TimeView?
    /// The deliveries since then.
    let failuresPath: String
    let disabledReason: String?
    /// That the service has ended.
    let end: String?
    let pending: String?
    let version: Int64
    let setup: SetupView
    let form: ChannelFormView
    let health: HealthView
    let deliveriesPath: String
    let mayChange: Bool
    let canEnable: Bool
    let canPause: Bool
    let canResume: Bool
    let canDisable: Bool
    let replaysPath: String
    let canRotate: Bool
    var figures: FiguresView?
    /// When the channel will be removed, while that can still be undone.
    var removal: TimeView?
    var newSecret: NewSecret?
    var certificates: [CertificateView] = []
    var preview: PreviewView?
    var tests: [TestLineView] = []
    var revisions: [RevisionView] = []

    init(
        frame: PageFrame, channel: Channel, kind: any ChannelKind, path: String, form: ChannelFormView,
        health: HealthView, known: ReceiverHealth?, mayChange: Bool
    ) {
        self.frame = frame
        self.path = path
        kindName = kind.name
        state = StateView(ChannelCondition(channel.state, known))
        failingSince = TimeView(known?.failingSince)
        let since = failingSince.map { "&since=\($0.typed)" } ?? ""
        failuresPath = "\(frame.base)/deliveries?channel=\(channel.id)\(since)"
        disabledReason = channel.disabledReason
        end = kind.end(of: channel.settings)
        pending = kind.pending(in: channel.settings)
        version = channel.version
        setup = SetupView(kind, isOpen: false)
        self.form = form
        self.health = health
        deliveriesPath = "\(frame.base)/deliveries?channel=\(channel.id)"
        self.mayChange = mayChange
        canEnable = channel.state == .disabled
        canPause = channel.state == .enabled
        canResume = channel.state == .paused
        canDisable = channel.state != .disabled
        replaysPath = "\(frame.base)/replays?channel=\(channel.id)"
        canRotate = kind.fields.contains { field in
            if case .signingSecret = field.type { true } else { false }
        }
    }
}

struct RevisionView: Sendable {
    let version: Int64
    let actor: String
    let at: TimeView
    let changes: [ChangeView]
    let isFirst: Bool
    let isCurrent: Bool

    init(_ revision: ChannelRevision, by actor: String, before: Channel?, current: Channel) {
        version = revision.channel.version
        self.actor = actor
        at = TimeView(revision.at)
        changes = before.map { ChangeView.all(from: $0, to: revision.channel) } ?? []
        isFirst = version == 1
        isCurrent = version == current.version
    }
}
