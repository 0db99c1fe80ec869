import Foundation
import Notifications

/// Everything that `watch` has to know before it starts.
struct WatchPlan: Sendable {
    let run: LoadTestRun

    /// Throws all missing parts at once, as wrong usage. `context` is what the CI service says about the run; settings
    /// go before it.
    init(_ settings: Settings, context: RunContext = .none, now: Timestamp) throws(CommandFailure) {
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
            projectID: ProjectID(project), context: Self.context(settings, or: context))
    }

    private static func context(_ settings: Settings, or context: RunContext) -> RunContext {
        var context = context
        let given: [(RunContext.Key, Setting)] = [
            (.runURL, .runURL), (.commit, .commit), (.repository, .repository), (.branch, .branch),
            (.environment, .environmentName),
        ]
        for (key, setting) in given { context[key] = settings.text(setting) ?? context[key] }
        if let tags = settings.text(.tags) { context.tags = Self.tags(tags) }
        return context
    }

    /// The texts between commas, without the spaces around them.
    static func tags(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}
