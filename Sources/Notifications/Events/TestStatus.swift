/// The status of a run, with the codes of the original product's app 3.0. (Its app 4.0 and k6 Cloud use the same words
/// with other numbers; do not mix the two tables.)
package enum TestStatus: Int64, CaseIterable, Sendable {
    case created = -1
    case queued = 0
    case initializing = 1
    case running = 2
    case finished = 3
    /// Unused in the original; `runbell watch` uses it for its own time-out.
    case timedOut = 4
    case abortingByUser = 5
    case abortedByUser = 6
    case abortingBySystem = 7
    case abortedBySystem = 8
    case abortedByScriptError = 9
    case abortingByThreshold = 10
    case abortedByThreshold = 11
    case failedThreshold = 12

    package var code: Int64 { rawValue }

    /// The documented words.
    package var text: String {
        switch self {
        case .created: "Created"
        case .queued: "Queued"
        case .initializing: "Initializing"
        case .running: "Running"
        case .finished: "Finished"
        case .timedOut: "Timed out"
        case .abortingByUser: "Aborting by user"
        case .abortedByUser: "Aborted by user"
        case .abortingBySystem: "Aborting by system"
        case .abortedBySystem: "Aborted by system"
        case .abortedByScriptError: "Aborted by script error"
        case .abortingByThreshold: "Aborting by threshold"
        case .abortedByThreshold: "Aborted by threshold"
        case .failedThreshold: "Failed threshold"
        }
    }

    /// Whether a run can end with this status.
    package var isFinal: Bool { Self.final.contains(self) }

    package static let final: [TestStatus] = [
        .finished, .timedOut, .abortedByUser, .abortedBySystem, .abortedByScriptError, .abortedByThreshold,
        .failedThreshold,
    ]
}
