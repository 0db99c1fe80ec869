import Notifications
import Repository

/// The replay form, as the user filled it in.
struct ReplayForm: Sendable {
    let channel: ChannelID?
    let since: String
    let until: String
    let rate: String
    let choices: [FilterChoice]
    let replayRequest: ReplayRequest?
    var errors: [String] = []
    var plan: ReplayPlanView?

    /// The initial form, which selects what failed.
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
        case .delivered: "delivered"
        case .missing: "events from before the channel was created"
        }
    }
}
