/// A run as `test.started` and `test.finished` describe it: the documented fields of the original web hook, and where it
/// comes from.
package struct LoadTestRun: Equatable, Sendable {
    package let status: TestStatus
    /// Sent as received; filled in from `TestStatus.text` if left out.
    package let statusText: String
    package let userID: UserID
    /// The user's display name when the event was accepted. It is not part of the event as it was posted.
    package let userName: String?
    package let name: String
    package let organizationID: OrganizationID
    package let loadTestID: LoadTestID
    package let id: LoadTestRunID
    package let projectID: ProjectID
    /// The fields beside the documented ones.
    package let context: RunContext

    package init(
        status: TestStatus, statusText: String? = nil, userID: UserID, userName: String? = nil, name: String,
        organizationID: OrganizationID,
        loadTestID: LoadTestID, id: LoadTestRunID, projectID: ProjectID, context: RunContext = .none
    ) {
        self.status = status
        self.statusText = statusText ?? status.text
        self.userID = userID
        self.userName = userName
        self.name = name
        self.organizationID = organizationID
        self.loadTestID = loadTestID
        self.id = id
        self.projectID = projectID
        self.context = context
    }

    /// The same run with another status.
    package func with(status: TestStatus) -> LoadTestRun {
        LoadTestRun(
            status: status, userID: userID, userName: userName, name: name, organizationID: organizationID,
            loadTestID: loadTestID, id: id, projectID: projectID, context: context)
    }

    /// The same run, started by somebody with that name.
    package func with(userName: String?) -> LoadTestRun {
        LoadTestRun(
            status: status, statusText: statusText, userID: userID, userName: userName, name: name,
            organizationID: organizationID, loadTestID: loadTestID, id: id, projectID: projectID, context: context)
    }

    /// `Anna` or `User 7`.
    package var startedBy: String { userName.map(DisplayText.line) ?? "User \(userID)" }
}
