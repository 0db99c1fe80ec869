extension SubscriptionRule {
    /// By project. Only applies to events of runs.
    static let projects = SubscriptionRule(
        key: "project_ids", option: "projects", label: "Projects", items: .numbers,
        expectation: "Project ids are whole numbers.",
        help: "Comma-separated IDs. Leave empty for all projects, including new ones.",
        reason: "project", wanted: ("events of the project", "events of the projects"),
        unwanted: "events of this project", summary: "projects "
    ) { items, event, _ in
        guard let run = event.run else { return true }
        return items.contains(.integer(run.projectID.value))
    }
}
