import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

/// Channel forms, for creating, changing and testing channels, and the page of a channel.
struct ChannelPages {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        dependencies.on(.get, "channels/new", query: true, in: .notifications, of: &routes, use: new)
        dependencies.on(.post, "channels", in: .notifications, of: &routes, use: create)
        dependencies.on(.post, "channels/test", in: .notifications, of: &routes, use: test)
        dependencies.on(.get, "channels/:channel", query: true, in: .notifications, of: &routes, use: show)
        dependencies.on(.post, "channels/:channel", in: .notifications, of: &routes, use: save)
        addRecognizing(to: &routes)
        addMoving(to: &routes)
        addActions(to: &routes)
    }

    @Sendable private func new(_ request: Request, _ page: PageContext) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let kind = query.text("kind").flatMap(dependencies.kinds.kind)
        try query.finish()
        guard let kind else { throw Problem.notFound }
        let form = ChannelFormView(kind: kind, saved: nil, origin: .page, in: page)
        return .page(NewChannelPage(kind, form, in: page))
    }

    @Sendable private func create(_ request: Request, _ page: PageContext) async throws -> Response {
        let (form, isStale) = try await typedForm(request, page)
        guard !isStale else { return try await again(form, page, .stale, status: .forbidden) }
        do {
            let channel = try await dependencies.router.channels.create(
                in: page.organization, by: form.token, as: page.principal, draft: form.reading(dependencies))
            if let secret = NewSecret(madeFor: channel, typed: form, in: page) {
                return try await shown(secret, channel, form, page)
            }
            return .see(Self.destination(of: form, channel.id, page) + "?done=\(PageNotice.created(channel).rawValue)")
        } catch RepositoryError.alreadyCreated(let id) {
            return .see(page.path("channels/\(id)") + "?done=\(PageNotice.createdBefore.rawValue)")
        } catch RepositoryError.invalid(let error) {
            return try await again(form, page, .init(errors: form.worded(error.errors)), status: .unprocessableContent)
        }
    }

    private func typedForm(
        _ request: Request, _ page: PageContext
    ) async throws -> (form: ChannelForm, isStale: Bool) {
        let (form, isStale) = try await page.typedForm(request)
        return (try ChannelForm(form, kinds: dependencies.kinds), isStale)
    }

    /// Only this response ever shows the secret, so it is not a redirect.
    private func shown(
        _ secret: NewSecret, _ channel: Channel, _ form: ChannelForm, _ page: PageContext
    ) async throws -> Response {
        guard form.isOfPage else {
            let notifications = NotificationPages(dependencies: dependencies)
            return .page(try await notifications.model(page, notice: .created, newSecret: secret))
        }
        return .page(try await model(channel.id, page, notice: .created, newSecret: secret))
    }

    /// Test Hook on the unsaved form.
    @Sendable private func test(_ request: Request, _ page: PageContext) async throws -> Response {
        let (form, isStale) = try await typedForm(request, page)
        guard !isStale else { return try await again(form, page, .stale, status: .forbidden) }
        do {
            let report = try await report(on: form, page)
            // The form stays the newest one if it was: what changed the channel was its own test.
            let version = report.hasEnabledChannel ? form.version.map { $0 &+ 1 } : nil
            return try await again(form, page, .init(result: TestResultView(report), version: version))
        } catch RepositoryError.invalid(let error) {
            return try await again(form, page, .init(errors: form.worded(error.errors)), status: .unprocessableContent)
        }
    }

    private func report(on form: ChannelForm, _ page: PageContext) async throws(RepositoryError) -> TestReport {
        guard let id = form.channelID else {
            return try await dependencies.tester.test(
                in: page.organization, as: page.principal, draft: form.reading(dependencies))
        }
        return try await dependencies.tester.test(
            changing: id, of: page.organization, as: page.principal, changes: form.changing(dependencies))
    }

    @Sendable private func save(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: ChannelID = try page.context.uniqueID("channel")
        let (form, isStale) = try await typedForm(request, page)
        guard !isStale else { return try await again(form, page, .stale, status: .forbidden) }
        do {
            _ = try await dependencies.router.channels.replace(
                id, of: page.organization, version: form.version, as: page.principal,
                draft: form.changing(dependencies))
            return .see(Self.destination(of: form, id, page) + "?done=saved")
        } catch RepositoryError.invalid(let error) {
            return try await again(form, page, .init(errors: form.worded(error.errors)), status: .unprocessableContent)
        } catch RepositoryError.staleVersion {
            let conflict = try await conflict(form, id, page)
            return try await again(form, page, .init(conflict: conflict), status: .preconditionFailed)
        }
    }

    private func conflict(_ form: ChannelForm, _ id: ChannelID, _ page: PageContext) async throws -> ConflictView {
        let saved = try await dependencies.repository.channel(id, of: page.organization, as: page.principal)
        let newest = try await dependencies.repository.revisions(
            of: id, in: page.organization, page: PageRequest(limit: 1), as: page.principal)
        let names = try await dependencies.names(newest.items.map(\.actor), page)
        return ConflictView(
            saved: saved, typed: form, actor: newest.items.first.map { names.who($0.actor) } ?? "somebody")
    }

    /// The page with the form, filled in as submitted.
    private func again(
        _ form: ChannelForm, _ page: PageContext, _ outcome: ChannelFormView.Outcome, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        if !form.isOfPage {
            let pages = NotificationPages(dependencies: dependencies)
            return .page(try await pages.model(page, typed: form, outcome: outcome), status: status)
        }
        guard let id = form.channelID else {
            let view = ChannelFormView(
                kind: form.kind, saved: nil, typed: form, origin: .page, in: page, outcome: outcome)
            return .page(NewChannelPage(form.kind, view, in: page), status: status)
        }
        return .page(try await model(id, page, typed: form, outcome: outcome), status: status)
    }

    private static func destination(of form: ChannelForm, _ id: ChannelID, _ page: PageContext) -> String {
        page.path(form.isOfPage ? "channels/\(id)" : "notifications")
    }
}

struct NewChannelPage: PageModel {
    static let template = "new_channel"
    let frame: PageFrame
    let setup: SetupView
    let form: ChannelFormView

    /// The page with a form for a channel of a kind.
    init(_ kind: any ChannelKind, _ form: ChannelFormView, in page: PageContext) {
        frame = page.frame("New channel: \(kind.name)", isError: form.mistakes != nil)
        setup = SetupView(kind, isOpen: true)
        self.form = form
    }
}
