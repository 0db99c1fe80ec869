import HTTPTypes
import Hummingbird
import Notifications
import Repository
import WebServing

/// Replays: preview, start, pause, resume and cancel.
struct ReplayPages {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        dependencies.on(.get, "replays", query: true, in: .deliveries, of: &routes, use: show)
        dependencies.on(.post, "replays", in: .deliveries, of: &routes, use: start)
        dependencies.on(.post, "replays/:replay/:step", in: .deliveries, of: &routes, use: steer)
    }

    @Sendable private func show(_ request: Request, _ page: PageContext) async throws -> Response {
        var query = QueryReader(request)
        let notice = page.notice(&query)
        let channel: ChannelID? = query.uniqueID("channel")
        let part = ListPart(query.page(), of: page.path("replays"))
        try query.finish()
        return .page(try await model(page, part, notice: notice, form: ReplayForm(channel: channel)))
    }

    /// Preview shows what would be sent; Replay starts it.
    @Sendable private func start(_ request: Request, _ page: PageContext) async throws -> Response {
        let (body, isStale) = try await page.typedForm(request)
        var form = ReplayForm(body, now: dependencies.repository.time)
        guard !isStale else {
            form.conflict = ValidationError.staleForm.message
            return .page(try await model(page, form: form), status: .forbidden)
        }
        guard let replayRequest = form.replayRequest else {
            return .page(try await model(page, form: form), status: .unprocessableContent)
        }
        do throws(RepositoryError) {
            if body.says("count", in: "do") {
                form.plan = ReplayPlanView(
                    try await dependencies.repository.planReplay(
                        replayRequest, in: page.organization, as: page.principal))
            } else {
                _ = try await dependencies.repository.startReplay(
                    replayRequest, in: page.organization, as: page.principal)
                return .see(page.path("replays") + "?done=\(PageNotice.replayStarted.rawValue)")
            }
        } catch {
            guard case .conflict(let text) = error else { throw error }
            form.conflict = text
        }
        return .page(try await model(page, form: form), status: form.conflict == nil ? .ok : .conflict)
    }

    @Sendable private func steer(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: ReplayID = try page.context.uniqueID("replay")
        guard let step = page.context.parameters.get("step").flatMap(ReplayStep.init(word:)) else {
            throw Problem.notFound
        }
        let part = ListPart(try await page.form(request), of: page.path("replays")).text
        _ = try await dependencies.repository.steerReplay(id, step, of: page.organization, as: page.principal)
        return .see(page.path("replays") + (part.isEmpty ? "" : "?\(part)"))
    }

    private func model(
        _ page: PageContext, _ part: ListPart = ListPart(PageRequest(), of: ""), notice: PageNotice? = nil,
        form: ReplayForm
    ) async throws -> ReplaysPage {
        try await dependencies.require(.administer, page.mayAdminister, for: "replays.list", page)
        let channels = try await dependencies.repository.channelNames(of: page.organization, as: page.principal)
        let replays = try await dependencies.repository.replays(
            of: page.organization, page: part.request, as: page.principal)
        let path = page.path("replays")
        let names = Dictionary(uniqueKeysWithValues: channels.map { ($0.id, DisplayText.line($0.name)) })
        let members = try await dependencies.names(replays.items.map(\.actor), page)
        return ReplaysPage(
            frame: page.frame("Replay", notice: notice, isError: form.mistakes != nil), path: path,
            form: form, mistakes: form.mistakes, channelError: form.errors.message(of: "channel"),
            rateError: form.errors.message(of: "per_minute"), sinceError: form.errors.message(of: "since"),
            untilError: form.errors.message(of: "until"), statesError: form.errors.message(of: "states"),
            channels: channels.map {
                .init(value: $0.id.text, label: DisplayText.line($0.name), isChosen: $0.id == form.channel)
            },
            replays: replays.items.map {
                ReplayView($0, names[$0.request.channelID], by: members.who($0.actor), path: path)
            }, part: part.text,
            nextPath: part.path(of: path, next: replays.next))
    }
}

struct ReplaysPage: PageModel {
    static let template = "replays"
    let frame: PageFrame
    let path: String
    let form: ReplayForm
    let mistakes: ErrorSummary?
    let channelError: String?
    let rateError: String?
    let sinceError: String?
    let untilError: String?
    let statesError: String?
    let channels: [FilterChoice]
    let replays: [ReplayView]
    /// The part of the list, as a query.
    let part: String
    let nextPath: String?
}

extension ReplayForm {
    fileprivate var mistakes: ErrorSummary? {
        ErrorSummary(
            errors + (conflict.map { [ValidationError("", $0)] } ?? []),
            places: [
                .init(field: "channel", label: "Channel", target: "channel"),
                .init(field: "per_minute", label: "Rate", target: "per-minute"),
                .init(field: "since", label: "Received since", target: "since"),
                .init(field: "until", label: "Until", target: "until"),
                .init(field: "states", label: "What to replay", target: "states"),
            ])
    }
}
