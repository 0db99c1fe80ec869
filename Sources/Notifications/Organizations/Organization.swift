/// A tenant.
package struct Organization: Equatable, Sendable {
    package let id: OrganizationID
    package let name: String
    /// The address of a run's page with `{load_test_run_id}`, `{load_test_id}`, `{project_id}` and `{organization_id}` in it.
    package let runLinkTemplate: RunLinkTemplate?
    package let createdAt: Timestamp

    package init(id: OrganizationID, name: String, runLinkTemplate: RunLinkTemplate?, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.runLinkTemplate = runLinkTemplate
        self.createdAt = createdAt
    }
}
