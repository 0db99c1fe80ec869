/// Texts shared by all kinds that people read.
extension EventContent {
    /// What happened, in a few words. Contains no text by users.
    package var headline: String {
        switch self {
        case .testNotificationChannel: "Test notification"
        case .testStarted: "Load test started"
        case .messagePosted: "Message posted"
        case .channelAlert(let alert): alert.headline
        case .unreadable: "Unreadable event"
        case .testFinished(let run): run.status.headline
        }
    }

    /// The text below the headline, for events that do not belong to a run. May contain text by users. A message has as
    /// many lines as it was posted with.
    package var explanation: String {
        switch self {
        case .channelAlert(let alert): alert.explanation
        case .messagePosted(let message): DisplayText.lines(message.text)
        default: Self.testExplanation
        }
    }

    /// Labeled values of the event that every kind shows.
    package var facts: [RunFact] { run?.facts ?? message?.facts ?? [] }

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

/// A labeled value of an event that every kind shows.
package struct RunFact: Sendable {
    package let label: String
    package let value: String
    /// Whether the value may contain text by users and must be shown literally.
    package let isUserText: Bool

    init(_ label: String, _ value: String, isUserText: Bool = false) {
        self.label = label
        self.value = value
        self.isUserText = isUserText
    }
}

extension LoadTestRun {
    /// The name on one line, or the load test's number if the name has no visible characters.
    package var displayName: String {
        let line = DisplayText.line(name)
        return line.hasVisibleCharacter ? line : "Load test \(loadTestID)"
    }

    package var facts: [RunFact] {
        [
            RunFact(
                "Status", "\(DisplayText.line(statusText)) (\(status.code))", isUserText: statusText != status.text),
            RunFact("Project", "\(projectID)"),
            RunFact("Started by", startedBy, isUserText: userName != nil),
            RunFact("Load test", "\(loadTestID)"),
            RunFact("Run", "\(id)"),
        ] + context.facts
    }
}

extension RunContext {
    /// The additional fields that have a value, without the address, which is a link.
    fileprivate var facts: [RunFact] {
        let commit = commit.map { $0.prefix(bytes: 12) }
        let tags = tags.isEmpty ? nil : tags.joined(separator: ", ")
        let values = [
            ("Environment", environment), ("Repository", repository), ("Branch", branch), ("Commit", commit),
            ("Tags", tags),
        ]
        return values.compactMap { label, value in value.map { RunFact(label, DisplayText.line($0), isUserText: true) }
        }
    }
}
