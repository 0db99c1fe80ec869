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
    private(set) var errors: [ValidationError] = []
    /// Why it was not carried out, if that is about no field.
    var conflict: String?
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
        let perMinute = rate.isEmpty ? Int64(ReplayRequest.standardPerMinute) : Int64(rate)
        let chosen = words.compactMap(ReplaySelection.init(word:))
        let isRate = perMinute.map(ReplayRequest.ratesAllowed.contains) ?? false
        if channel == nil { errors.append(ValidationError("channel", "Choose one.")) }
        let span = Self.span(from: since, to: until, now: now, &errors)
        if chosen.isEmpty { errors.append(ValidationError("states", "Choose at least one.")) }
        if !isRate {
            let most = ReplayRequest.ratesAllowed.upperBound
            errors.append(ValidationError("per_minute", "Enter a whole number from 1 to \(most)."))
        }
        guard errors.isEmpty, let channel, let span, let perMinute else {
            replayRequest = nil
            return
        }
        replayRequest = ReplayRequest(channelID: channel, span: span, selection: chosen, perMinute: Int(perMinute))
    }

    private static func span(
        from since: String, to until: String, now: Timestamp, _ errors: inout [ValidationError]
    ) -> ReplaySpan? {
        let (begin, end) = (Timestamp(typed: since), Timestamp(typed: until))
        if begin == nil { errors.append(ValidationError("since", "Enter a time such as 2026-11-24 10:12.")) }
        if end == nil, !until.isEmpty {
            let message = "Enter a time such as 2026-11-24 12:00, or leave it empty for now."
            errors.append(ValidationError("until", message))
        }
        guard let begin, end != nil || until.isEmpty else { return nil }
        do throws(ReplaySpan.Mistake) {
            return try ReplaySpan(since: begin, until: end, now: now)
        } catch {
            switch error {
            case .beginsInFuture: errors.append(ValidationError("since", "Enter a time that is not in the future."))
            case .endsBeforeItBegins: errors.append(ValidationError("until", "Enter a time after the start."))
            }
            return nil
        }
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
