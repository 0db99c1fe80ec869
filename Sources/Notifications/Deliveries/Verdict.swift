/// What a kind reads in an answer.
package enum Verdict: Equatable, Sendable {
    case delivered
    /// Try again, not before `after` when the service named a time.
    case retry(Finding, after: Duration?)
    /// Nothing was sent, because of this side: the whole channel waits so long, and no attempt was used up.
    case postponed(Finding, for: Duration)
    /// This delivery cannot succeed; the channel is still good.
    case refused(Finding)
    /// The channel is dead for good: it is disabled.
    case gone(Finding)

    package var finding: Finding? {
        switch self {
        case .delivered: nil
        case .retry(let finding, _), .postponed(let finding, _), .refused(let finding), .gone(let finding): finding
        }
    }

    /// The word in the API and the database.
    package var word: String {
        switch self {
        case .delivered: "delivered"
        case .retry: "retry"
        case .postponed: "postponed"
        case .refused: "refused"
        case .gone: "gone"
        }
    }
}

/// What was found wrong.
package struct Finding: Equatable, Sendable {
    /// A stable word for programs: `slack.no_service`, `http.503`, `timeout`.
    package let code: String
    /// A sentence for people: what happened and what to do about it.
    package let text: String

    package init(_ code: String, _ text: String) {
        self.code = code
        self.text = text
    }
}
