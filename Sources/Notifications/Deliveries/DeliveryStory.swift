/// Why something did, or did not, arrive: in words.
package struct DeliveryStory: Sendable {
    package let state: DeliveryState
    package let reason: String?
    package let attempts: Int
    package let dueAt: Timestamp
    package let updatedAt: Timestamp
    package let receivedAt: Timestamp
    /// What the last attempt found.
    package let lastFinding: String?

    package init(
        state: DeliveryState, reason: String?, attempts: Int, dueAt: Timestamp, updatedAt: Timestamp,
        receivedAt: Timestamp, lastFinding: String?
    ) {
        self.state = state
        self.reason = reason
        self.attempts = attempts
        self.dueAt = dueAt
        self.updatedAt = updatedAt
        self.receivedAt = receivedAt
        self.lastFinding = lastFinding
    }

    package var text: String {
        switch state {
        case .delivered:
            return
                "Delivered at attempt \(attempts), \(seconds(from: receivedAt, to: updatedAt)) after the event came in."
        case .claimed: return "Being sent: attempt \(attempts) is under way."
        case .due where attempts == 0: return "Waits for its first attempt."
        case .due: return "Waits for attempt \(attempts + 1), due at \(dueAt). " + (lastFinding ?? "")
        case .failed where reason == "poison":
            return "Given up: the service itself died three times in a row while it sent this."
        case .failed:
            return "Failed after \(attempts) \(attempts == 1 ? "attempt" : "attempts"). " + (lastFinding ?? "")
        case .skipped: return skipText
        case .cancelled: return "Cancelled: the channel was removed before this could be sent."
        }
    }

    private var skipText: String {
        switch reason.flatMap(SkipReason.init(rawValue:)) {
        case .notSubscribedEvent: "Skipped: the channel does not want events of this type."
        case .notSubscribedStatus: "Skipped: the channel does not want runs that end in this status."
        case .notSubscribedProject: "Skipped: the channel does not want events of this project."
        case .channelDisabled: "Skipped: the channel was disabled when the event came in."
        case nil: "Skipped."
        }
    }

    private func seconds(from start: Timestamp, to end: Timestamp) -> String {
        let time = end - start
        if time < .seconds(1) { return "\(time.microseconds / 1000) ms" }
        let tenths = time.microseconds / 100_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
