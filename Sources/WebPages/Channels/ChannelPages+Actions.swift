import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

extension ChannelPages {
    func addActions(to routes: inout RouteTable) {
        let channel = "channels/:channel/"
        dependencies.on(.post, channel + "state", in: .notifications, of: &routes, use: changeState)
        dependencies.on(.post, channel + "pause", in: .notifications, of: &routes, use: pause)
        dependencies.on(.post, channel + "resume", in: .notifications, of: &routes, use: resume)
        dependencies.on(.post, channel + "remove", in: .notifications, of: &routes, use: remove)
        dependencies.on(.post, channel + "undo-removal", in: .notifications, of: &routes, use: undoRemoval)
        dependencies.on(.post, channel + "rotate-secret", in: .notifications, of: &routes, use: rotateSecret)
        dependencies.on(.post, channel + "revisions/:revision/restore", in: .notifications, of: &routes, use: restore)
    }

    @Sendable private func changeState(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: ChannelID = try page.context.uniqueID("channel")
        let form = try await page.form(request)
        let isEnabled = form.says("enabled", in: "state")
        _ = try await dependencies.router.channels.replace(
            id, of: page.organization, version: form.number("version"), as: page.principal
        ) { saved throws(InvalidInput) in
            ChannelDraft(
                kind: saved.kind, name: saved.name, settings: saved.settings, subscription: saved.subscription,
                maxPerMinute: saved.maxPerMinute, isEnabled: isEnabled)
        }
        return back(to: id, page, isEnabled ? .enabled : .disabled)
    }

    @Sendable private func pause(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: ChannelID = try page.context.uniqueID("channel")
        _ = try await page.form(request)
        _ = try await dependencies.router.channels.pause(id, of: page.organization, as: page.principal)
        return back(to: id, page, .paused)
    }

    /// If a time is given, waiting deliveries of events received before it are skipped.
    @Sendable private func resume(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: ChannelID = try page.context.uniqueID("channel")
        let limit = try await page.form(request).filled("skip_older_than")
        let time = limit.flatMap { Timestamp(typed: $0) }
        if limit != nil, time == nil {
            throw Problem.invalid([ValidationError("skip_older_than", "Enter a time such as 2026-11-24 10:12.")])
        }
        _ = try await dependencies.router.channels.resume(
            id, of: page.organization, skipOlderThan: time, as: page.principal)
        return back(to: id, page, .resumed)
    }

    @Sendable private func remove(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: ChannelID = try page.context.uniqueID("channel")
        let form = try await page.form(request)
        _ = try await dependencies.router.channels.planRemoval(
            of: id, in: page.organization, version: form.number("version"), as: page.principal)
        return .see(page.path("notifications") + "?done=\(PageNotice.removed.rawValue)")
    }

    @Sendable private func undoRemoval(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: ChannelID = try page.context.uniqueID("channel")
        _ = try await page.form(request)
        _ = try await dependencies.router.channels.undoRemoval(of: id, in: page.organization, as: page.principal)
        return back(to: id, page, .undone)
    }

    /// Only this response ever shows the new secret. The version in the form keeps a reload from rotating again.
    @Sendable private func rotateSecret(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: ChannelID = try page.context.uniqueID("channel")
        let form = try await page.form(request)
        guard let hours = form.number("overlap_hours"), (0...168).contains(hours) else {
            throw Problem.invalid([ValidationError("overlap_hours", "Enter a number of hours from 0 to 168.")])
        }
        do {
            let rotated = try await dependencies.router.channels.rotateSecret(
                of: id, in: page.organization, version: form.number("version"), overlap: .seconds(3600 * hours),
                as: page.principal)
            let secret = NewSecret(
                text: rotated.secret.reveal(), channel: id, previousUntil: TimeView(rotated.previousUntil), in: page)
            return .page(try await model(id, page, newSecret: secret))
        } catch RepositoryError.staleVersion {
            return back(to: id, page, .notRotated)
        }
    }

    @Sendable private func restore(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: ChannelID = try page.context.uniqueID("channel")
        let revision = try page.context.canonicalNumber("revision")
        _ = try await page.form(request)
        _ = try await dependencies.router.channels.restore(
            revision: revision, of: id, in: page.organization, as: page.principal)
        return back(to: id, page, .restored)
    }

    private func back(to id: ChannelID, _ page: PageContext, _ notice: PageNotice) -> Response {
        .see(page.path("channels/\(id)") + "?done=\(notice.rawValue)")
    }
}
