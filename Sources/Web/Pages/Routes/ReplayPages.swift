import HTTPTypes
import Hummingbird
import Notifications
import Repository

/// Replays: previewed, then started, paused, resumed or cancelled.
struct ReplayPages {
    let house: PageHouse

    func add(to routes: inout RouteTable) {
        house.on(.get, "replays", query: true, in: .deliveries, of: &routes, use: show)
        house.on(.post, "replays", in: .deliveries, of: &routes, use: start)
        house.on(.post, "replays/:replay/:step", in: .deliveries, of: &routes, use: steer)
    }

    @Sendable private func show(_ request: Request, _ visit: Visit) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let notice = visit.notice(&query)
        let channel: ChannelID? = query.uniqueID("channel")
        try query.finish()
        return .page(try await page(visit, notice: notice, form: ReplayForm(channel: channel)))
    }

    /// Preview shows what would be sent; Replay starts it.
    @Sendable private func start(_ request: Request, _ visit: Visit) async throws -> Response {
        let body = try await visit.form(request)
        var form = ReplayForm(body, now: house.repository.time)
        guard let wish = form.wish else {
            return .page(try await page(visit, form: form), status: .unprocessableContent)
        }
        do throws(RepositoryError) {
            if body.says("count", in: "do") {
                form.plan = ReplayPlanView(
                    try await house.repository.planReplay(wish, in: visit.organization, as: visit.principal))
            } else {
                _ = try await house.repository.startReplay(wish, in: visit.organization, as: visit.principal)
                return .see(visit.path("replays") + "?done=\(PageNotice.replayStarted.rawValue)")
            }
        } catch {
            guard case .conflict(let text) = error else { throw error }
            form.mistakes = [text]
        }
        return .page(try await page(visit, form: form), status: form.mistakes.isEmpty ? .ok : .conflict)
    }

    @Sendable private func steer(_ request: Request, _ visit: Visit) async throws -> Response {
        let id: ReplayID = try visit.context.uniqueID("replay")
        guard let step = visit.context.parameters.get("step").flatMap(ReplayStep.init(word:)) else {
            throw Problem.notFound
        }
        _ = try await visit.form(request)
        _ = try await house.repository.steerReplay(id, step, of: visit.organization, as: visit.principal)
        return .see(visit.path("replays"))
    }

    private func page(_ visit: Visit, notice: PageNotice? = nil, form: ReplayForm) async throws -> ReplaysPage {
        try await house.require(.administer, visit.mayAdminister, for: "replays.list", visit)
        let channels = try await house.repository.channels(
            of: visit.organization, page: PageRequest(limit: 250), as: visit.principal
        ).items
        let replays = try await house.repository.replays(
            of: visit.organization, page: PageRequest(), as: visit.principal)
        let names = Dictionary(uniqueKeysWithValues: channels.map { ($0.id, DisplayText.line($0.name)) })
        return ReplaysPage(
            frame: visit.frame("Replay", notice: notice), path: visit.path("replays"), form: form,
            channels: channels.map {
                .init(value: $0.id.text, label: DisplayText.line($0.name), isChosen: $0.id == form.channel)
            },
            replays: replays.items.map { ReplayView($0, names[$0.wish.channelID], path: visit.path("replays")) })
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
    let wish: ReplayWish?
    var mistakes: [String] = []
    var plan: ReplayPlanView?

    /// As it is before anything is typed: what failed.
    init(channel: ChannelID?) {
        self.channel = channel
        (since, until, rate, wish) = ("", "", "", nil)
        choices = Self.choices([ReplayChoice.failed.rawValue])
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
        let perMinute = rate.isEmpty ? Int64(ReplayWish.standardPerMinute) : Int64(rate)
        let chosen = words.compactMap(ReplayChoice.init(word:))
        let isRate = perMinute.map(ReplayWish.ratesAllowed.contains) ?? false
        if channel == nil { mistakes.append("Choose a channel.") }
        if begin == nil { mistakes.append("Received since: enter a time such as 2026-11-24 10:12.") }
        if end == nil { mistakes.append("Until: enter a time such as 2026-11-24 12:00, or leave it empty for now.") }
        if let begin, let end, end < begin { mistakes.append("Until: enter a time after the start.") }
        if chosen.isEmpty { mistakes.append("Choose what to replay.") }
        if !isRate { mistakes.append("Rate: enter a whole number from 1 to \(ReplayWish.ratesAllowed.upperBound).") }
        guard mistakes.isEmpty, let channel, let begin, let end, let perMinute else {
            wish = nil
            return
        }
        wish = ReplayWish(
            channelID: channel, since: begin, until: min(end, now), choices: chosen, perMinute: Int(perMinute))
    }

    private static func choices(_ words: [String]) -> [FilterChoice] {
        ReplayChoice.allCases.map {
            .init(value: $0.rawValue, label: $0.words, isChosen: words.contains(where: $0.rawValue.sameBytes))
        }
    }
}

extension ReplayChoice {
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
        counts = ReplayChoice.allCases.compactMap { choice in
            plan.counts[choice].map { "\($0) \(choice.rawValue)" }
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
        span = "\(TimeView(replay.wish.since).text) to \(TimeView(replay.wish.until).text)"
        states = replay.wish.choices.map(\.rawValue).joined(separator: ", ")
        state = StateView(replay.state)
        progress = "\(replay.taken) of \(replay.total)" + (replay.skipped > 0 ? ", \(replay.skipped) skipped" : "")
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
