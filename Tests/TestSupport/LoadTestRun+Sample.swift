import Notifications

extension LoadTestRun {
    /// A run of a load test.
    package static func sample(
        _ id: Int64 = 42, status: TestStatus = .running, organization: Int64 = 1, loadTest: Int64 = 7
    ) -> LoadTestRun {
        LoadTestRun(
            status: status, userID: UserID(1), name: "Checkout", organizationID: OrganizationID(organization),
            loadTestID: LoadTestID(loadTest), id: LoadTestRunID(id), projectID: ProjectID(9))
    }
}
