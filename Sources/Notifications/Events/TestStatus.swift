/// The state of a test run, with the codes of the original product's app 3.0. (Its app 4.0 and k6 Cloud number the same
/// words differently; the two tables must not be mixed.)
package enum TestStatus: Int64, CaseIterable, Sendable {
    case created = -1
    case queued = 0
    case initializing = 1
    case running = 2
    case finished = 3
    /// Documented in the original as currently not used; `runbell watch` uses it for its own time-out.
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

    /// The states a run can end in.
    package var isFinal: Bool { Self.final.contains(self) }

    package static let final: [TestStatus] = [
        .finished, .timedOut, .abortedByUser, .abortedBySystem, .abortedByScriptError, .abortedByThreshold,
        .failedThreshold,
    ]
}
