/// The time that a replay covers: events received from `since` to before `until`.
package struct ReplaySpan: Equatable, Sendable {
    package let since: Timestamp
    package let until: Timestamp

    /// What is wrong with the times of a replay.
    package enum Mistake: Error, Equatable, Sendable {
        case beginsInFuture
        case endsBeforeItBegins
    }

    /// - Parameter until: Nil, or in the future, means now.
    package init(since: Timestamp, until: Timestamp?, now: Timestamp) throws(Mistake) {
        guard since <= now else { throw .beginsInFuture }
        guard since <= until ?? now else { throw .endsBeforeItBegins }
        self.since = since
        self.until = min(until ?? now, now)
    }
}
