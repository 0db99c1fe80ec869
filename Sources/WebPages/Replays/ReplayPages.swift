import HTTPTypes
import Hummingbird
import Notifications
import Repository
import WebServing

/// Replays: previewed, then started, paused, resumed or cancelled.
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
        let body = try await page.form(request)
        var form = ReplayForm(body, now: dependencies.repository.time)
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
            form.errors = [text]
        }
        return .page(try await model(page, form: form), status: form.errors.isEmpty ? .ok : .conflict)
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
        let channels = try await dependencies.repository.channels(
            of: page.organization, page: PageRequest(limit: 250), as: page.principal
        ).items
        let replays = try await dependencies.repository.replays(
            of: page.organization, page: PageRequest(), as: page.principal)
        let names = Dictionary(uniqueKeysWithValues: channels.map { ($0.id, DisplayText.line($0.name)) })
        return ReplaysPage(
            frame: page.frame("Replay", notice: notice), path: page.path("replays"), form: form,
            channels: channels.map {
                .init(value: $0.id.text, label: DisplayText.line($0.name), isChosen: $0.id == form.channel)
            },
            replays: replays.items.map { ReplayView($0, names[$0.request.channelID], path: page.path("replays")) })
    }
}

struct ReplaysPage: PageModel {
    static let template = "replays"
    let frame: PageFrame
    let path: String
    let form: ReplayForm
    let channels: [FilterChoice]
    let replays: [ReplayView]
}

/// The form for a replay, as it was typed.
struct ReplayForm: Sendable {
    let channel: ChannelID?
    let since: String
    let until: String
    let rate: String
    let choices: [FilterChoice]
    let replayRequest: ReplayRequest?
    var errors: [String] = []
    var plan: ReplayPlanView?

    /// As it is before anything is typed: what failed.
    init(channel: ChannelID?) {
        self.channel = channel
        (since, until, rate, replayRequest) = ("", "", "", nil)
        choices = Self.choices([ReplaySelection.failed.rawValue])
    }

    init(_ form: FormBody, now: Timestamp) {
        channel = form.text("channel").flatMap { ChannelID($0) }
        since = form.text("since") ?? ""
        until = form.text("until") ?? ""
        rate = form.text("per_minute") ?? ""
        let words = form.all("states")
        choices = Self.choices(words)
        let begin = Timestamp(typed: since)
        let end = until.isEmpty ? now : Timestamp(typed: until)
        let perMinute = rate.isEmpty ? Int64(ReplayRequest.standardPerMinute) : Int64(rate)
        let chosen = words.compactMap(ReplaySelection.init(word:))
        let isRate = perMinute.map(ReplayRequest.ratesAllowed.contains) ?? false
        if channel == nil { errors.append("Choose a channel.") }
        if begin == nil { errors.append("Received since: enter a time such as 2026-11-24 10:12.") }
        if end == nil { errors.append("Until: enter a time such as 2026-11-24 12:00, or leave it empty for now.") }
        if let begin, let end, end < begin { errors.append("Until: enter a time after the start.") }
        if chosen.isEmpty { errors.append("Choose what to replay.") }
        if !isRate { errors.append("Rate: enter a whole number from 1 to \(ReplayRequest.ratesAllowed.upperBound).") }
        guard errors.isEmpty, let channel, let begin, let end, let perMinute else {
            replayRequest = nil
            return
        }
        replayRequest = ReplayRequest(
            channelID: channel, since: begin, until: min(end, now), selection: chosen, perMinute: Int(perMinute))
    }

    private static func choices(_ words: [String]) -> [FilterChoice] {
        ReplaySelection.allCases.map {
            .init(value: $0.rawValue, label: $0.words, isChosen: words.contains(where: $0.rawValue.sameBytes))
        }
    }
}

extension ReplaySelection {
    fileprivate var words: String {
        switch self {
        case .failed: "failed deliveries"
        case .cancelled: "cancelled deliveries"
        case .skipped: "skipped deliveries"
        case .delivered: "completed deliveries"
        case .missing: "events from before the channel was created"
        }
    }
}

/// What a replay would send.
struct ReplayPlanView: Sendable {
    let count: Int64
    let counts: String
    let oldest: TimeView?
    let newest: TimeView?
    let perMinute: Int
    let duration: String
    let isEmpty: Bool

    init(_ plan: ReplayPlan) {
        count = plan.count
        isEmpty = plan.count == 0
        counts = ReplaySelection.allCases.compactMap { selection in
            plan.counts[selection].map { "\($0) \(selection.rawValue)" }
        }.joined(separator: ", ")
        oldest = TimeView(plan.oldest)
        newest = TimeView(plan.newest)
        perMinute = plan.perMinute
        duration = plan.duration.shortText
    }
}

struct ReplayView: Sendable {
    struct Step: Sendable {
        let path: String
        let label: String
    }

    let channel: String
    let span: String
    let states: String
    let state: StateView
    let progress: String
    let actor: String
    let at: TimeView
    let steps: [Step]

    init(_ replay: Replay, _ name: String?, path: String) {
        channel = name ?? "a removed channel"
        span = "\(TimeView(replay.request.since).text) to \(TimeView(replay.request.until).text)"
        states = replay.request.selection.map(\.rawValue).joined(separator: ", ")
        state = StateView(replay.state)
        progress = "\(replay.requeued) of \(replay.total)" + (replay.skipped > 0 ? ", \(replay.skipped) skipped" : "")
        actor = replay.actor
        at = TimeView(replay.createdAt)
        let words: [String] =
            switch replay.state {
            case .running: ["pause", "cancel"]
            case .paused: ["resume", "cancel"]
            case .finished, .cancelled: []
            }
        steps = words.map {
            Step(path: "\(path)/\(replay.id)/\($0)", label: $0.prefix(1).uppercased() + $0.dropFirst())
        }
    }
}
