import Notifications

/// Everything that `watch` has to know before it starts.
struct WatchPlan: Sendable {
    let run: LoadTestRun

    /// Throws all missing parts at once, as wrong usage.
    init(_ settings: Settings, now: Timestamp) throws(CommandFailure) {
        let needed: [Setting] = [.organization, .project, .loadTest, .user, .name, .key]
        let missing = needed.filter { settings.text($0) == nil }
        guard missing.isEmpty, let organization = settings.number(.organization),
            let project = settings.number(.project),
            let loadTest = settings.number(.loadTest), let user = settings.number(.user),
            let name = settings.text(.name)
        else {
            let lines = missing.map { "  \($0.flag) or \($0.environment): \($0.help)" }
            throw CommandFailure(.usage, "not started; these settings are missing:\n" + lines.joined(separator: "\n"))
        }
        run = LoadTestRun(
            status: .running, userID: UserID(user), name: name, organizationID: OrganizationID(organization),
            loadTestID: LoadTestID(loadTest), id: LoadTestRunID(settings.number(.run) ?? now.microseconds / 1000),
            projectID: ProjectID(project))
    }
}
