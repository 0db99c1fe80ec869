/// How an event is presented. Each kind maps it to its own colors and styles, so all kinds agree on what is good news.
package enum EventSeverity: CaseIterable, Sendable {
    /// Started, under way, or a test of the channel.
    case information
    case passed
    case stoppedByUser
    /// Aborted by the system, or timed out.
    case stoppedBySystem
    case scriptError
    case threshold
}

extension EventContent {
    package var severity: EventSeverity {
        switch self {
        case .testFinished(let run): run.status.severity
        case .channelAlert, .unreadable: .stoppedBySystem
        case .messagePosted(let message): message.severity
        case .testStarted, .testNotificationChannel: .information
        }
    }
}

extension TestStatus {
    fileprivate var severity: EventSeverity {
        switch self {
        case .created, .queued, .initializing, .running: .information
        case .finished: .passed
        case .abortingByUser, .abortedByUser: .stoppedByUser
        case .timedOut, .abortingBySystem, .abortedBySystem: .stoppedBySystem
        case .abortedByScriptError: .scriptError
        case .abortingByThreshold, .abortedByThreshold, .failedThreshold: .threshold
        }
    }
}
