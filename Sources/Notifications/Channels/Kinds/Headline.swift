/// The words that all kinds for people share.
extension EventContent {
    /// What happened, in a few words that hold nothing a user wrote.
    package var headline: String {
        switch self {
        case .testNotificationChannel: "Test notification"
        case .testStarted: "Load test started"
        case .channelAlert(let alert): alert.headline
        case .unreadable: "Unreadable event"
        case .testFinished(let run): run.status.headline
        }
    }

    /// What an event that is of no run says below its headline. It may hold what a user wrote.
    package var explanation: String {
        if case .channelAlert(let alert) = self { alert.explanation } else { Self.testExplanation }
    }

    package static let testExplanation =
        "This channel works. It will be notified when the organization's load tests start and finish."
}

extension ChannelAlert {
    fileprivate var headline: String {
        switch kind {
        case .disabled: "A notification channel was disabled"
        case .unreachable: "A notification channel is unreachable"
        }
    }
}

extension TestStatus {
    fileprivate var headline: String {
        switch self {
        case .created, .queued, .initializing, .running, .finished: "Load test finished"
        case .timedOut: "Load test timed out"
        case .abortingByUser, .abortedByUser: "Load test aborted by user"
        case .abortingBySystem, .abortedBySystem: "Load test aborted by system"
        case .abortedByScriptError: "Load test aborted by script error"
        case .abortingByThreshold, .abortedByThreshold: "Load test aborted by threshold"
        case .failedThreshold: "Load test failed a threshold"
        }
    }
}

/// One line that every kind shows of a run.
package struct RunFact: Sendable {
    package let label: String
    package let value: String
    /// Whether the value may hold what a user wrote, so that it has to be shown literally.
    package let isUserText: Bool

    init(_ label: String, _ value: String, isUserText: Bool = false) {
        self.label = label
        self.value = value
        self.isUserText = isUserText
    }
}

extension LoadTestRun {
    /// The name as one line; the load test's number when nothing can be seen of it.
    package var displayName: String {
        let line = DisplayText.line(name)
        return line.hasVisibleCharacter ? line : "Load test \(loadTestID)"
    }

    package var facts: [RunFact] {
        [
            RunFact(
                "Status", "\(DisplayText.line(statusText)) (\(status.code))", isUserText: statusText != status.text),
            RunFact("Project", "\(projectID)"),
            RunFact("Started by", "User \(userID)"),
            RunFact("Load test", "\(loadTestID)"),
            RunFact("Run", "\(id)"),
        ]
    }
}
