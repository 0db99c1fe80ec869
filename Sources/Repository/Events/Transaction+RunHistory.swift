import Notifications

/// The history that some subscription rules need.
extension Transaction {
    /// How the load test of an event went before it. `none` for an event without a load test, or if the previous run
    /// was accepted by a version that did not keep it in columns.
    func runHistory(of content: EventContent, before event: EventID) throws(RepositoryError) -> RunHistory {
        guard let run = content.run else { return .none }
        let code = try connection.row(
            Self.runBefore, [SQLValue(organization), SQLValue(run.loadTestID), SQLValue(event)]
        ) { row in row.optionalInteger(0) }
        return RunHistory(lastStatus: (code ?? nil).flatMap(TestStatus.init(rawValue:)))
    }

    static let runBefore = """
        SELECT status FROM events
        WHERE organization_id = $1 AND load_test_id = $2 AND type = 'test.finished' AND event_id < $3
        ORDER BY event_id DESC LIMIT 1
        """

    /// Why a channel with this subscription skips an event. The first channel that needs the history reads it; `known`
    /// keeps it for the others.
    func reasonToSkip(
        _ content: EventContent, as event: EventID, subscribedTo subscription: Subscription, known: inout RunHistory?
    ) throws(RepositoryError) -> SkipReason? {
        try subscription.reasonToSkip(content) { () throws(RepositoryError) in
            if let known { return known }
            let history = try runHistory(of: content, before: event)
            known = history
            return history
        }
    }
}
