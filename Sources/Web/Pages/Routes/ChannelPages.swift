import EventRouting
import Hummingbird
import Notifications
import Repository

/// Forms of channels: making, changing and trying them, and a channel's own page.
struct ChannelPages {
    let house: PageHouse

    func add(to routes: inout RouteTable) {
        house.on(.get, "channels/new", query: true, in: .notifications, of: &routes, use: new)
        house.on(.post, "channels", in: .notifications, of: &routes, use: create)
        house.on(.post, "channels/test", in: .notifications, of: &routes, use: test)
        house.on(.get, "channels/:channel", query: true, in: .notifications, of: &routes, use: show)
        house.on(.post, "channels/:channel", in: .notifications, of: &routes, use: save)
        addActions(to: &routes)
    }

    @Sendable private func new(_ request: Request, _ visit: Visit) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let kind = query.text("kind").flatMap(house.kinds.kind)
        try query.finish()
        guard let kind else { throw Problem.notFound }
        let form = ChannelFormView(kind: kind, saved: nil, origin: .page, in: visit)
        return .page(NewChannelPage(frame: visit.frame("New channel: \(kind.name)"), form: form))
    }

    @Sendable private func create(_ request: Request, _ visit: Visit) async throws -> Response {
        let form = try ChannelForm(try await visit.form(request), kinds: house.kinds)
        do {
            let channel = try await house.router.channels.create(
                in: visit.organization, as: visit.principal, draft: form.reading(house))
            if let secret = NewSecret(madeFor: channel, typed: form, in: visit) {
                return try await shown(secret, channel, form, visit)
            }
            return .see(Self.destination(of: form, channel.id, visit) + "?done=created")
        } catch RepositoryError.invalid(let error) {
            return try await again(form, visit, .init(mistakes: error.mistakes), status: .unprocessableContent)
        }
    }

    /// The answer is the only page that ever shows the secret, so it is no redirect.
    private func shown(
        _ secret: NewSecret, _ channel: Channel, _ form: ChannelForm, _ visit: Visit
    ) async throws -> Response {
        guard form.fields.text("origin") == ChannelFormOrigin.page.rawValue else {
            let notifications = NotificationPages(house: house)
            return .page(try await notifications.page(visit, notice: .created, newSecret: secret))
        }
        return .page(try await page(channel.id, visit, notice: .created, newSecret: secret))
    }

    /// Test Hook, on the form as it is: nothing is saved.
    @Sendable private func test(_ request: Request, _ visit: Visit) async throws -> Response {
        let form = try ChannelForm(try await visit.form(request), kinds: house.kinds)
        do {
            let report = try await report(on: form, visit)
            return try await again(form, visit, .init(result: TestResultView(report)))
        } catch RepositoryError.invalid(let error) {
            return try await again(form, visit, .init(mistakes: error.mistakes), status: .unprocessableContent)
        }
    }

    private func report(on form: ChannelForm, _ visit: Visit) async throws(RepositoryError) -> TestReport {
        guard let id = form.channelID else {
            return try await house.tester.test(
                in: visit.organization, as: visit.principal, draft: form.reading(house))
        }
        return try await house.tester.test(
            changing: id, of: visit.organization, as: visit.principal, changes: form.changing(house))
    }

    @Sendable private func save(_ request: Request, _ visit: Visit) async throws -> Response {
        let id: ChannelID = try visit.context.uniqueID("channel")
        let form = try ChannelForm(try await visit.form(request), kinds: house.kinds)
        do {
            _ = try await house.router.channels.replace(
                id, of: visit.organization, version: form.version, as: visit.principal,
                draft: form.changing(house))
            return .see(Self.destination(of: form, id, visit) + "?done=saved")
        } catch RepositoryError.invalid(let error) {
            return try await again(form, visit, .init(mistakes: error.mistakes), status: .unprocessableContent)
        } catch RepositoryError.staleVersion {
            let conflict = try await conflict(form, id, visit)
            return try await again(form, visit, .init(conflict: conflict), status: .preconditionFailed)
        }
    }

    private func conflict(_ form: ChannelForm, _ id: ChannelID, _ visit: Visit) async throws -> ConflictView {
        let saved = try await house.repository.channel(id, of: visit.organization, as: visit.principal)
        let newest = try await house.repository.revisions(
            of: id, in: visit.organization, page: PageRequest(limit: 1), as: visit.principal)
        return ConflictView(saved: saved, typed: form, actor: newest.items.first?.actor ?? "somebody")
    }

    /// The page that the form stood on, with what was typed in it.
    private func again(
        _ form: ChannelForm, _ visit: Visit, _ outcome: ChannelFormView.Outcome, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        if form.fields.text("origin") != ChannelFormOrigin.page.rawValue {
            let pages = NotificationPages(house: house)
            return .page(try await pages.page(visit, typed: form, outcome: outcome), status: status)
        }
        guard let id = form.channelID else {
            let view = ChannelFormView(
                kind: form.kind, saved: nil, typed: form, origin: .page, in: visit, outcome: outcome)
            return .page(
                NewChannelPage(frame: visit.frame("New channel: \(form.kind.name)"), form: view), status: status)
        }
        return .page(try await page(id, visit, typed: form, outcome: outcome), status: status)
    }

    private static func destination(of form: ChannelForm, _ id: ChannelID, _ visit: Visit) -> String {
        let isPage = form.fields.text("origin") == ChannelFormOrigin.page.rawValue
        return visit.path(isPage ? "channels/\(id)" : "notifications")
    }
}

struct NewChannelPage: PageModel {
    static let template = "new_channel"
    let frame: PageFrame
    let form: ChannelFormView
}
