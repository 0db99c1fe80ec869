import EventRouting
import Hummingbird
import Notifications
import Repository

extension ChannelPages {
    func addActions(to routes: inout RouteTable) {
        let channel = "channels/:channel/"
        house.on(.post, channel + "state", in: .notifications, of: &routes, use: changeState)
        house.on(.post, channel + "pause", in: .notifications, of: &routes, use: pause)
        house.on(.post, channel + "resume", in: .notifications, of: &routes, use: resume)
        house.on(.post, channel + "remove", in: .notifications, of: &routes, use: remove)
        house.on(.post, channel + "undo-removal", in: .notifications, of: &routes, use: undoRemoval)
        house.on(.post, channel + "rotate-secret", in: .notifications, of: &routes, use: rotateSecret)
        house.on(.post, channel + "revisions/:revision/restore", in: .notifications, of: &routes, use: restore)
    }

    @Sendable private func changeState(_ request: Request, _ visit: Visit) async throws -> Response {
        let id: ChannelID = try visit.context.uniqueID("channel")
        let form = try await visit.form(request)
        let isEnabled = form.says("enabled", in: "state")
        _ = try await house.router.channels.replace(
            id, of: visit.organization, version: form.number("version"), as: visit.principal
        ) { saved throws(InvalidInput) in
            ChannelDraft(
                kind: saved.kind, name: saved.name, settings: saved.settings, subscription: saved.subscription,
                maxPerMinute: saved.maxPerMinute, isEnabled: isEnabled)
        }
        return back(to: id, visit, isEnabled ? .enabled : .disabled)
    }

    @Sendable private func pause(_ request: Request, _ visit: Visit) async throws -> Response {
        let id: ChannelID = try visit.context.uniqueID("channel")
        _ = try await visit.form(request)
        _ = try await house.router.channels.pause(id, of: visit.organization, as: visit.principal)
        return back(to: id, visit, .paused)
    }

    /// With a time typed, what waits of events that came in before it is skipped.
    @Sendable private func resume(_ request: Request, _ visit: Visit) async throws -> Response {
        let id: ChannelID = try visit.context.uniqueID("channel")
        let limit = try await visit.form(request).filled("skip_older_than")
        let time = limit.flatMap { Timestamp(typed: $0) }
        if limit != nil, time == nil {
            throw Problem.invalid([FieldMistake("skip_older_than", "Enter a time such as 2026-11-24 10:12.")])
        }
        _ = try await house.router.channels.resume(id, of: visit.organization, skipOlderThan: time, as: visit.principal)
        return back(to: id, visit, .resumed)
    }

    @Sendable private func remove(_ request: Request, _ visit: Visit) async throws -> Response {
        let id: ChannelID = try visit.context.uniqueID("channel")
        let form = try await visit.form(request)
        _ = try await house.router.channels.planRemoval(
            of: id, in: visit.organization, version: form.number("version"), as: visit.principal)
        return .see(visit.path("notifications") + "?done=\(PageNotice.removed.rawValue)")
    }

    @Sendable private func undoRemoval(_ request: Request, _ visit: Visit) async throws -> Response {
        let id: ChannelID = try visit.context.uniqueID("channel")
        _ = try await visit.form(request)
        _ = try await house.router.channels.undoRemoval(of: id, in: visit.organization, as: visit.principal)
        return back(to: id, visit, .undone)
    }

    /// The answer is the only page that ever shows the new secret.
    @Sendable private func rotateSecret(_ request: Request, _ visit: Visit) async throws -> Response {
        let id: ChannelID = try visit.context.uniqueID("channel")
        let form = try await visit.form(request)
        guard let hours = form.number("overlap_hours"), (0...168).contains(hours) else {
            throw Problem.invalid([FieldMistake("overlap_hours", "Enter a number of hours from 0 to 168.")])
        }
        let rotated = try await house.router.channels.rotateSecret(
            of: id, in: visit.organization, overlap: .seconds(3600 * hours), as: visit.principal)
        let secret = NewSecret(
            text: rotated.secret.reveal(), channel: id, previousUntil: TimeView(rotated.previousUntil), in: visit)
        return .page(try await page(id, visit, newSecret: secret))
    }

    @Sendable private func restore(_ request: Request, _ visit: Visit) async throws -> Response {
        let id: ChannelID = try visit.context.uniqueID("channel")
        let revision = try visit.context.canonicalNumber("revision")
        _ = try await visit.form(request)
        _ = try await house.router.channels.restore(
            revision: revision, of: id, in: visit.organization, as: visit.principal)
        return back(to: id, visit, .restored)
    }

    private func back(to id: ChannelID, _ visit: Visit, _ notice: PageNotice) -> Response {
        .see(visit.path("channels/\(id)") + "?done=\(notice.rawValue)")
    }
}
