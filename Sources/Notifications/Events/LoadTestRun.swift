/// A run as `test.started` and `test.finished` describe it: the documented fields of the original web hook, and where it
/// comes from.
package struct LoadTestRun: Equatable, Sendable {
    package let status: TestStatus
    /// Sent as received; filled in from `TestStatus.text` if left out.
    package let statusText: String
    package let userID: UserID
    package let name: String
    package let organizationID: OrganizationID
    package let loadTestID: LoadTestID
    package let id: LoadTestRunID
    package let projectID: ProjectID
    /// The fields beside the documented ones.
    package let context: RunContext

    package init(
        status: TestStatus, statusText: String? = nil, userID: UserID, name: String, organizationID: OrganizationID,
        loadTestID: LoadTestID, id: LoadTestRunID, projectID: ProjectID, context: RunContext = .none
    ) {
        self.status = status
        self.statusText = statusText ?? status.text
        self.userID = userID
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
            status: status, userID: userID, name: name, organizationID: organizationID, loadTestID: loadTestID, id: id,
            projectID: projectID, context: context)
    }
}
