import Notifications
import Repository

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

    init(_ replay: Replay, _ name: String?, by actor: String, path: String) {
        channel = name ?? "a removed channel"
        span = "\(TimeView(replay.request.since).text) to \(TimeView(replay.request.until).text)"
        states = replay.request.selection.map(\.rawValue).joined(separator: ", ")
        state = StateView(replay.state)
        progress = "\(replay.requeued) of \(replay.total)" + (replay.skipped > 0 ? ", \(replay.skipped) skipped" : "")
        self.actor = actor
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
