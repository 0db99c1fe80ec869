/// Explains in words why something was delivered or not.
package struct DeliveryExplanation: Sendable {
    package let state: DeliveryState
    package let reason: String?
    package let attempts: Int
    package let dueAt: Timestamp
    package let updatedAt: Timestamp
    package let receivedAt: Timestamp
    /// The first successful attempt, if the delivery was sent again afterwards: a replay never rewrites it.
    package let firstArrival: Arrival?
    /// What the last attempt found.
    package let lastFinding: String?
    /// The receiver as part of a sentence: `Slack`, `the web hook`.
    package let receiver: String
    package let channelState: ChannelState
    package let history: ChannelHistory
    package let health: ReceiverHealth?
    /// What a due delivery waits for besides its receiver.
    package let wait: Wait?
    /// The time to which relative times in the text refer.
    package let now: Timestamp

    /// A wait that has nothing to do with attempts.
    package enum Wait: Sendable, Equatable {
        /// The start of the run has to be tried first.
        case start
        /// The channel may not send more before then.
        case rate(until: Timestamp)
    }

    /// A successful attempt.
    package struct Arrival: Sendable, Equatable {
        /// Counts from 1.
        package let attempt: Int
        package let at: Timestamp

        package init(attempt: Int, at: Timestamp) {
            self.attempt = attempt
            self.at = at
        }
    }

    package init(
        state: DeliveryState, reason: String?, attempts: Int, dueAt: Timestamp, updatedAt: Timestamp,
        receivedAt: Timestamp, firstArrival: Arrival? = nil, lastFinding: String? = nil,
        receiver: String = "the receiver",
        channelState: ChannelState = .enabled, history: ChannelHistory = ChannelHistory([]),
        health: ReceiverHealth? = nil, wait: Wait? = nil, now: Timestamp
    ) {
        self.state = state
        self.reason = reason
        self.attempts = attempts
        self.dueAt = dueAt
        self.updatedAt = updatedAt
        self.receivedAt = receivedAt
        self.firstArrival = firstArrival
        self.lastFinding = lastFinding
        self.receiver = receiver
        self.channelState = channelState
        self.history = history
        self.health = health
        self.wait = wait
        self.now = now
    }

    package var text: String {
        guard let firstArrival else { return stateText }
        let first = arrivedText(firstArrival)
        guard state == .delivered else { return "\(first) Resent: \(Self.lowercasingFirst(stateText))" }
        return "\(first) Resent on \(updatedAt.dayText), and delivered again on the \(Self.ordinal(attempts)) attempt."
    }

    private func arrivedText(_ arrival: Arrival) -> String {
        "Delivered on the \(Self.ordinal(arrival.attempt)) attempt, "
            + "\((arrival.at - receivedAt).shortText) after the event was received."
    }

    private static func lowercasingFirst(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }

    private var stateText: String {
        switch state {
        case .delivered: arrivedText(Arrival(attempt: attempts, at: updatedAt))
        case .claimed: "Sending: the \(Self.ordinal(attempts)) attempt is in progress."
        case .due: waitingText
        case .failed: failedText
        case .skipped: skipText
        case .cancelled: "Cancelled: the channel was removed on \(updatedAt.dayText) before this could be sent."
        }
    }

    /// The channel was created after the event was received.
    package static func didNotExist(madeAt: Timestamp) -> String {
        "Not sent: the channel was created later, on \(madeAt.dayText)."
    }

    /// 1st, 2nd, 3rd, 4th, 11th, 21st.
    static func ordinal(_ number: Int) -> String {
        let ending =
            switch (number % 100, number % 10) {
            case (11...13, _): "th"
            case (_, 1): "st"
            case (_, 2): "nd"
            case (_, 3): "rd"
            default: "th"
            }
        return "\(number)\(ending)"
    }

    private static func sentence(_ parts: String?...) -> String {
        parts.compactMap { $0 }.joined(separator: " ")
    }
}

/// Deliveries that are waiting.
extension DeliveryExplanation {
    private var waitingText: String {
        if channelState == .paused { return pausedText }
        if let circuit = health?.circuit { return circuitText(circuit) }
        if let hold = health?.hold, hold.until > now, hold.until > dueAt {
            let why =
                hold.finding?.isLocal == true
                ? "Runbell cannot send at the moment." : "\(receiver.capitalizingFirst) asked Runbell to wait."
            return Self.sentence("On hold until \(hold.until.clockText(seenAt: now)).", why, hold.finding?.text)
        }
        switch wait {
        case .start: return "Waiting for the start of the run, which this channel has not received yet."
        case .rate(let end) where end > now && dueAt <= now:
            let time = end.clockText(seenAt: now)
            return "Waiting because of the channel's rate limit: the next message may be sent at \(time)."
        default: break
        }
        if attempts == 0 {
            return dueAt > now
                ? "Scheduled for \(dueAt.clockText(seenAt: now))." : "Waiting for its first attempt."
        }
        guard dueAt > now else {
            return Self.sentence("Due for the \(Self.ordinal(attempts + 1)) attempt.", lastFinding)
        }
        return Self.sentence(
            lastFinding ?? "The last attempt failed.", "Runbell will retry at \(dueAt.clockText(seenAt: now)).")
    }

    private var pausedText: String {
        guard let step = history.beginning(of: .paused, at: now) else { return "Queued: the channel is paused." }
        return "Queued: \(step.who) paused the channel on \(step.at.dayText)."
    }

    private func circuitText(_ circuit: ReceiverHealth.Circuit) -> String {
        let probe = circuit.nextProbeAt.map { " The next probe is due at \($0.clockText(seenAt: now))." } ?? ""
        return Self.sentence(
            "Unreachable since \(circuit.openSince.clockText(seenAt: now)).\(probe)",
            health?.finding?.text)
    }
}

/// Deliveries that failed or were skipped.
extension DeliveryExplanation {
    private var failedText: String {
        switch reason {
        case "unreadable":
            return "Set aside: the stored event cannot be read, so it cannot be sent."
        case "poison": return "Given up: Runbell crashed each time it sent this, three times in a row or more."
        case SkipReason.channelDisabled.rawValue:
            return Self.sentence("Failed after \(attemptsText) because \(disabledText).", lastFinding)
        case let reason? where reason.hasPrefix(Outcome.exhausted):
            return Self.sentence("Given up after \(attemptsText).", lastFinding)
        default: return Self.sentence("Failed after \(attemptsText).", lastFinding)
        }
    }

    private var attemptsText: String { "\(attempts) \(attempts == 1 ? "attempt" : "attempts")" }

    private var skipText: String {
        switch reason.flatMap(SkipReason.init(rawValue:)) {
        case .channelDisabled: "Skipped because \(disabledText)."
        case .channelPaused: resumedText
        case .notSubscribed(let word): notSubscribedText(word)
        case .declined(let decline): "Skipped because \(decline.text(receiver))."
        case nil: "Skipped."
        }
    }

    /// Names the rule by which the channel skipped the event, and what the channel wanted then.
    private func notSubscribedText(_ word: String) -> String {
        guard let rule = SubscriptionRule.behind(.notSubscribed(word)) else { return "Skipped." }
        guard let items = history.step(at: receivedAt)?.subscription[rule] else {
            return "Skipped because the channel does not want \(rule.unwanted)."
        }
        return "Skipped because the channel wants only \(rule.words(items))."
    }

    /// Disabled when the event was received, or later, while the delivery waited.
    private var disabledText: String {
        let step =
            history.beginning(of: .disabled, at: receivedAt) ?? history.beginning(of: .disabled, at: updatedAt)
        guard let step else { return "the channel was disabled" }
        let text = "\(step.who) disabled the channel on \(step.at.dayText)"
        guard let why = step.disabledReason else { return text }
        return "\(text): \(why.hasSuffix(".") ? String(why.dropLast()) : why)"
    }

    private var resumedText: String {
        let begin = "Skipped because the channel was paused."
        guard let step = history.step(at: updatedAt), step.state == .enabled else { return begin }
        let who = step.who.capitalizingFirst
        return "\(begin) \(who) resumed it on \(step.at.dayText) and skipped earlier events."
    }
}
