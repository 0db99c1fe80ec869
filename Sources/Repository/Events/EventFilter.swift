import Notifications

/// Filters a list of events; nil means all.
package struct EventFilter: Sendable {
    package var type: EventType?
    package var runID: LoadTestRunID?
    /// Of runs that had one of these statuses.
    package var statuses: [TestStatus]?
    /// Of runs of this project.
    package var projectID: ProjectID?
    /// Of load tests whose name contains each of these words, in any case; separated by blanks.
    package var name: String?
    /// Received at or after.
    package var since: Timestamp?
    /// Received before.
    package var until: Timestamp?

    /// Times are those at which an event was received: from `since` up to but not including `until`.
    package init(
        type: EventType? = nil, runID: LoadTestRunID? = nil, statuses: [TestStatus]? = nil,
        projectID: ProjectID? = nil, name: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil
    ) {
        self.type = type
        self.runID = runID
        self.statuses = statuses
        self.projectID = projectID
        self.name = name
        self.since = since
        self.until = until
    }

    /// Such a list is ordered by event id, any other by sequence.
    var isOfTimeOrRun: Bool { runID != nil || since != nil || until != nil }

    /// The words of the name as the table has it.
    var words: [String] {
        (name ?? "").lowercased().pieces(between: " ").filter { !$0.isEmpty }.map { String($0) }
    }
}
