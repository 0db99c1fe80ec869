/// What an attempt's result means for the delivery.
package enum Verdict: Equatable, Sendable {
    case delivered
    /// Try again, and not before `after` if the service asked for a wait.
    case retry(Finding, after: Duration?)
    /// Nothing was sent because of a local fault: the channel waits this long, and the attempt does not count.
    case postponed(Finding, for: Duration)
    /// This delivery cannot succeed; the channel still works.
    case refused(Finding)
    /// The channel will never work again and is disabled.
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

/// What went wrong.
package struct Finding: Equatable, Sendable {
    /// A stable code for programs: `slack.no_service`, `http.503`, `timeout`.
    package let code: String
    /// A sentence for people: what happened and what to do about it.
    package let text: String

    package init(_ code: String, _ text: String) {
        self.code = code
        self.text = text
    }
}
