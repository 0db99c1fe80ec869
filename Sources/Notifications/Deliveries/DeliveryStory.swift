/// Why something did, or did not, arrive: in words.
package struct DeliveryStory: Sendable {
    package let state: DeliveryState
    package let reason: String?
    package let attempts: Int
    package let dueAt: Timestamp
    package let updatedAt: Timestamp
    package let receivedAt: Timestamp
    /// The first attempt that arrived, when the delivery was sent again after it: a replay never rewrites it.
    package let firstArrival: Arrival?
    /// What the last attempt found, and the status that it was answered with.
    package let lastFinding: String?
    package let lastStatus: Int?
    /// Who answers, in words: `Slack`, `the receiver`.
    package let receiver: String
    package let channelState: ChannelState
    package let history: ChannelHistory
    package let health: ReceiverHealth?
    /// When the story is told.
    package let now: Timestamp

    /// An attempt that arrived.
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
        receivedAt: Timestamp, firstArrival: Arrival? = nil, lastFinding: String? = nil, lastStatus: Int? = nil,
        receiver: String = "the receiver",
        channelState: ChannelState = .enabled, history: ChannelHistory = ChannelHistory([]),
        health: ReceiverHealth? = nil, now: Timestamp
    ) {
        self.state = state
        self.reason = reason
        self.attempts = attempts
        self.dueAt = dueAt
        self.updatedAt = updatedAt
        self.receivedAt = receivedAt
        self.firstArrival = firstArrival
        self.lastFinding = lastFinding
        self.lastStatus = lastStatus
        self.receiver = receiver
        self.channelState = channelState
        self.history = history
        self.health = health
        self.now = now
    }

    package var text: String {
        guard let firstArrival else { return stateText }
        let first = arrivedText(firstArrival)
        guard state == .delivered else { return "\(first) Sent again: \(Self.lowercasingFirst(stateText))" }
        return
            "\(first) Sent again on \(updatedAt.dayText), and delivered again at the \(Self.ordinal(attempts)) attempt."
    }

    private func arrivedText(_ arrival: Arrival) -> String {
        "Delivered at the \(Self.ordinal(arrival.attempt)) attempt, "
            + "\((arrival.at - receivedAt).shortText) after the event came in."
    }

    private static func lowercasingFirst(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }

    private var stateText: String {
        switch state {
        case .delivered: arrivedText(Arrival(attempt: attempts, at: updatedAt))
        case .claimed: "Being sent: the \(Self.ordinal(attempts)) attempt is under way."
        case .due: waitingText
        case .failed: failedText
        case .skipped: skipText
        case .cancelled: "Cancelled: the channel was removed on \(updatedAt.dayText) before this could be sent."
        }
    }

    /// The channel was made after the event came in.
    package static func didNotExist(madeAt: Timestamp) -> String {
        "Did not exist yet: the channel was made on \(madeAt.dayText)."
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

/// What waits, and for what.
extension DeliveryStory {
    private var waitingText: String {
        if channelState == .paused { return pausedText }
        if let circuit = health?.circuit { return circuitText(circuit) }
        if let hold = health?.hold, hold.until > now, hold.until > dueAt {
            let why =
                hold.finding?.isLocal == true
                ? "nothing can be sent from here" : "\(receiver) asked to be left alone"
            return waits(until: hold.until, why, hold.finding?.text)
        }
        if attempts == 0 {
            return dueAt > now
                ? "Waits for its turn at \(dueAt.clockText(seenAt: now))." : "Waits for its first attempt."
        }
        guard dueAt > now else {
            return Self.sentence("Due for the \(Self.ordinal(attempts + 1)) attempt.", lastFinding)
        }
        return waits(
            until: dueAt, lastStatus.map { "\(receiver) answered \($0)" } ?? "the last attempt failed", lastFinding)
    }

    private func waits(until time: Timestamp, _ why: String, _ finding: String?) -> String {
        "Waits until \(time.clockText(seenAt: now)) because \(why)" + (finding.map { ": \($0)" } ?? ".")
    }

    private var pausedText: String {
        guard let step = history.beginning(of: .paused, at: now) else { return "Held: the channel is paused." }
        return "Held: the channel was paused by \(step.who) on \(step.at.dayText)."
    }

    private func circuitText(_ circuit: ReceiverHealth.Circuit) -> String {
        let probe = circuit.nextProbeAt.map { " The next probe is at \($0.clockText(seenAt: now))." } ?? ""
        return Self.sentence(
            "Waits: nobody has been there to take it since \(circuit.openSince.clockText(seenAt: now)).\(probe)",
            health?.finding?.text)
    }
}

/// What was given up, and what was not to be sent.
extension DeliveryStory {
    private var failedText: String {
        switch reason {
        case "unreadable":
            return "Set aside: what is stored of the event cannot be read, so it cannot be sent."
        case "poison": return "Given up: the service itself died three times in a row while it sent this."
        case SkipReason.channelDisabled.rawValue:
            return Self.sentence("Failed after \(attemptsText), because the channel \(disabledText).", lastFinding)
        case let reason? where reason.hasPrefix(Outcome.exhausted):
            return Self.sentence("Given up after \(attemptsText).", lastFinding)
        default: return Self.sentence("Failed after \(attemptsText).", lastFinding)
        }
    }

    private var attemptsText: String { "\(attempts) \(attempts == 1 ? "attempt" : "attempts")" }

    private var skipText: String {
        let wants = history.step(at: receivedAt)?.subscription
        return switch reason.flatMap(SkipReason.init(rawValue:)) {
        case .notSubscribedEvent: skipped(wanting: wants?.events.map(Self.events), "events of this type")
        case .notSubscribedStatus: skipped(wanting: wants?.statuses.map(Self.statuses), "runs that end in this status")
        case .notSubscribedProject: skipped(wanting: wants?.projectIDs.map(Self.projects), "events of this project")
        case .channelDisabled: "Skipped because the channel \(disabledText)."
        case .channelPaused: resumedText
        case nil: "Skipped."
        }
    }

    private func skipped(wanting what: String?, _ unwanted: String) -> String {
        guard let what else { return "Skipped because the channel does not want \(unwanted)." }
        return "Skipped because the channel wants only \(what)."
    }

    private static func events(_ types: [EventType]) -> String {
        "events of the \(types.count == 1 ? "type" : "types") " + list(types.map(\.rawValue))
    }

    private static func statuses(_ statuses: [TestStatus]) -> String {
        "runs that end as " + list(statuses.map(\.text))
    }

    private static func projects(_ ids: [ProjectID]) -> String {
        "events of the \(ids.count == 1 ? "project" : "projects") " + list(ids.map(\.description))
    }

    /// `a, b and c`; of a long list, its beginning.
    private static func list(_ words: [String]) -> String {
        let shown = words.count > 8 ? Array(words.prefix(7)) + ["\(words.count - 7) more"] : words
        guard shown.count > 1, let last = shown.last else { return shown.joined() }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }

    /// Disabled when the event came in, or later, while the delivery waited.
    private var disabledText: String {
        let step =
            history.beginning(of: .disabled, at: receivedAt) ?? history.beginning(of: .disabled, at: updatedAt)
        guard let step else { return "was disabled" }
        let text = "was disabled by \(step.who) on \(step.at.dayText)"
        guard let why = step.disabledReason else { return text }
        return "\(text), because: \(why.hasSuffix(".") ? String(why.dropLast()) : why)"
    }

    private var resumedText: String {
        let begin = "Skipped because the channel was paused"
        guard let step = history.step(at: updatedAt), step.state == .enabled else { return "\(begin)." }
        return "\(begin), and \(step.who) resumed it on \(step.at.dayText) without what had come in before."
    }
}
