/// The status of a run, with the codes of the original product's app 4.0 and of its successor, k6 Cloud. The codes of
/// `TestStatus` are those of app 3.0: the same numbers mean something else there. Nothing but this file converts them.
enum K6CloudStatus: Int64, CaseIterable, Sendable {
    case created = -2
    case validated = -1
    case queued = 0
    case initializing = 1
    case running = 2
    case finished = 3
    case timedOut = 4
    case abortedByUser = 5
    case abortedBySystem = 6
    case abortedByScriptError = 7
    case abortedByThreshold = 8
    /// The limits of an account. Nothing here leads to it.
    case abortedByLimit = 9

    /// The two tables side by side. Where this one has no "aborting", what follows is told.
    init(_ status: TestStatus) {
        self =
            switch status {
            case .created: .created
            case .queued: .queued
            case .initializing: .initializing
            case .running: .running
            case .finished, .failedThreshold: .finished
            case .timedOut: .timedOut
            case .abortingByUser, .abortedByUser: .abortedByUser
            case .abortingBySystem, .abortedBySystem: .abortedBySystem
            case .abortedByScriptError: .abortedByScriptError
            case .abortingByThreshold, .abortedByThreshold: .abortedByThreshold
            }
    }

    /// The documented words.
    var text: String {
        switch self {
        case .created: "Created"
        case .validated: "Validated"
        case .queued: "Queued"
        case .initializing: "Initializing"
        case .running: "Running"
        case .finished: "Finished"
        case .timedOut: "Timed out"
        case .abortedByUser: "Aborted by user"
        case .abortedBySystem: "Aborted by system"
        case .abortedByScriptError: "Aborted by script error"
        case .abortedByThreshold: "Aborted by threshold"
        case .abortedByLimit: "Aborted by limit"
        }
    }
}

/// Whether a run's thresholds held, which this numbering tells apart from its status.
enum K6CloudResult: Int64, Sendable {
    case passed = 0
    case failed = 1

    /// Nil while it is not known: before the end, and of a run that ended otherwise.
    init?(_ status: TestStatus) {
        switch status {
        case .finished: self = .passed
        case .failedThreshold, .abortingByThreshold, .abortedByThreshold: self = .failed
        default: return nil
        }
    }

    var text: String { self == .passed ? "Passed" : "Failed" }
}
