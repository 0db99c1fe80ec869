/// Why a kind has nothing to say about an event: the delivery is skipped, and says so. The raw value is the end of the
/// reason in the API: `nothing_to_say.commit`.
package enum Decline: String, CaseIterable, Sendable {
    /// The kind sets statuses of commits, and the event names none.
    case commit
    /// The kind is told when a run fails and when one passes, and the event is neither.
    case outcome

    /// The reason, as the end of a sentence that begins with `because`. `receiver` is part of a sentence: `GitHub`.
    package func text(_ receiver: String) -> String {
        switch self {
        case .commit: "the event names no commit, and \(receiver) shows the results of commits only"
        case .outcome: "\(receiver) is told only that a run failed, and that a later one passed"
        }
    }
}
