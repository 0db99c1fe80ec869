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
        var query = QueryReader(request.uri.query)
        let notice = page.notice(&query)
        let channel: ChannelID? = query.uniqueID("channel")
        try query.finish()
        return .page(try await model(page, notice: notice, form: ReplayForm(channel: channel)))
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
        _ = try await page.form(request)
        _ = try await dependencies.repository.steerReplay(id, step, of: page.organization, as: page.principal)
        return .see(page.path("replays"))
    }

    private func model(_ page: PageContext, notice: PageNotice? = nil, form: ReplayForm) async throws -> ReplaysPage {
        try await dependencies.require(.administer, page.mayAdminister, for: "replays.list", page)
        let channels = try await dependencies.repository.channelNames(of: page.organization, as: page.principal)
        let replays = try await dependencies.repository.replays(
            of: page.organization, page: PageRequest(), as: page.principal)
        let names = Dictionary(uniqueKeysWithValues: channels.map { ($0.id, DisplayText.line($0.name)) })
        let members = try await dependencies.names(replays.items.map(\.actor), page)
        return ReplaysPage(
            frame: page.frame("Replay", notice: notice, isError: form.mistakes != nil), path: page.path("replays"),
            form: form, mistakes: form.mistakes, channelError: form.errors.message(of: "channel"),
            rateError: form.errors.message(of: "per_minute"), sinceError: form.errors.message(of: "since"),
            untilError: form.errors.message(of: "until"), statesError: form.errors.message(of: "states"),
            channels: channels.map {
                .init(value: $0.id.text, label: DisplayText.line($0.name), isChosen: $0.id == form.channel)
            },
            replays: replays.items.map {
                ReplayView($0, names[$0.request.channelID], by: members.who($0.actor), path: page.path("replays"))
            })
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
