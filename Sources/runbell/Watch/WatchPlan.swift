import Foundation
import Notifications

/// What is known of a run before it starts. What the command line and the environment leave out, the key's defaults
/// may say.
struct WatchPlan: Sendable {
    private let organization: Int64?
    private let project: Int64?
    private let user: Int64?
    private let loadTest: Int64
    private let run: Int64
    private let name: String
    private let context: RunContext

    /// Throws wrong usage if there is no key, or no service: then nothing else can say what is missing. Settings go
    /// before `context` and `job`, which are what the CI service says.
    init(
        _ settings: Settings, command: [String] = [], context: RunContext = .none, job: CIJob = .none, now: Timestamp
    ) throws(CommandFailure) {
        organization = settings.number(.organization)
        project = settings.number(.project)
        user = settings.number(.user)
        let script = Self.script(of: command)
        let made = job.name.map { job in script.map { "\(job): \($0)" } ?? job }
        name = settings.text(.name) ?? made ?? script ?? command.first.map(Self.lastPart) ?? "Load test"
        self.context = Self.context(settings, or: context)
        loadTest =
            settings.number(.loadTest) ?? StableNumber.of(["load test", self.context.repository ?? "", name])
        let fresh = now.microseconds / 1000
        run =
            settings.number(.run)
            ?? (job.identity.isEmpty ? fresh : StableNumber.of(["run"] + job.identity + [name]))
        let connection = [Setting.url, .key].filter { settings.text($0) == nil }
        if !connection.isEmpty { throw missing(of: nil, besides: connection) }
    }

    /// Whether the key's defaults are needed.
    var isIncomplete: Bool { organization == nil || project == nil || user == nil }

    /// The run at its start. Throws all missing parts at once, as wrong usage.
    func run(by key: KeyFacts?) throws(CommandFailure) -> LoadTestRun {
        guard let organization = organization ?? key?.organization, let project = project ?? key?.project,
            let user = user ?? key?.user
        else { throw missing(of: key) }
        return LoadTestRun(
            status: .running, userID: UserID(user), name: name, organizationID: OrganizationID(organization),
            loadTestID: LoadTestID(loadTest), id: LoadTestRunID(run), projectID: ProjectID(project), context: context)
    }

    private func missing(of key: KeyFacts?, besides connection: [Setting] = []) -> CommandFailure {
        let facts: [(Setting, Int64?)] = [
            (.organization, organization ?? key?.organization), (.project, project ?? key?.project),
            (.user, user ?? key?.user),
        ]
        let lines = (connection + facts.filter { $0.1 == nil }.map(\.0)).map { setting in
            "  \(setting.flag) or \(setting.environment): \(setting.help)"
        }
        return CommandFailure(
            .usage,
            "these settings are missing:\n" + lines.joined(separator: "\n")
                + "\nWith a key that has defaults, nothing else is needed: "
                + "runbell keys create --service --name CI --project 1 --user 1 --organization \(organization ?? 1)")
    }
}

extension WatchPlan {
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

    /// The name of the first file that the command is given: `script.js` for `k6 run load/script.js`. Other arguments
    /// may be secret.
    private static func script(of command: [String]) -> String? {
        let file = command.dropFirst().first { argument in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) && !isFolder.boolValue
        }
        return file.map(lastPart).flatMap { Setting.name.error($0) == nil ? $0 : nil }
    }

    private static func lastPart(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
