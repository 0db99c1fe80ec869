import ArgumentParser
import Foundation
import Notifications

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a load test, and post events when it starts and finishes.",
        discussion: """
            Example:
              export RUNBELL_KEY=rb_…   (a service key: runbell keys create --service)
              runbell watch --organization 1 --project 1 --user 1 --name "Checkout" -- k6 run script.js
              runbell watch -- k6 run script.js   (in CI, with a key that has defaults)

            Organization, project and user come from the key if it was created with --project and --user. The name \
            comes from the CI service's job and the script, and so does the run's ID; the load test's ID from \
            the repository and the name. Options and variables go before them.

            The command runs as it would without watch: same terminal, same input and output, and its exit code is \
            returned unchanged (128 plus the signal's number if a signal ended it). If Runbell is unreachable, the \
            command still runs, and watch reports on standard error what could not be sent. So it does without a key, as in \
            a fork's pull request. Only an invalid command line stops watch before it starts anything (exit code 64). An \
            invalid variable is left out.

            The status comes from the exit code: 0 finished; 99 failed threshold (with --abort-on-fail: aborted by \
            threshold); 105 aborted by user; 107 and 108 aborted by script error; --timeout reached: timed out; \
            SIGINT, SIGTERM, SIGHUP or SIGQUIT to watch: aborted by user; anything else aborted by system. These are k6's \
            codes; for those of another tool, give --exit-code, as often as needed: --exit-code 2=failed-threshold.

            In GitHub Actions, GitLab CI, Jenkins, CircleCI, Buildkite and Azure Pipelines, the events also name the \
            job's page, commit, repository and branch, from the variables there. Options go before them, and --no-ci \
            leaves them out.

            In the end, watch says who was notified. It waits a few seconds for that, unless --no-wait is given. In \
            GitHub Actions, the job's summary says it too.

            Ctrl-C reaches the command through the terminal. A signal to watch alone is passed on after one second, \
            unless the command has ended by then.
            """
    )

    @OptionGroup
    var about: RunOptions
    @Option(help: "The address of the run's page (RUNBELL_RUN_URL).")
    var runUrl: String?
    @Option(help: "The commit that is tested: its full hash (RUNBELL_COMMIT).")
    var commit: String?
    @Option(help: "The repository: acme/shop (RUNBELL_REPOSITORY).")
    var repository: String?
    @Option(help: "The branch (RUNBELL_BRANCH).")
    var branch: String?
    @Option(help: "What is tested: staging (RUNBELL_ENVIRONMENT).")
    var environment: String?
    @Option(help: "Up to 20 short texts, separated by commas (RUNBELL_TAGS).")
    var tags: String?
    @Flag(name: .customLong("no-ci"), help: "Do not read the CI service's variables.")
    var withoutCI = false
    @Flag(name: .customLong("no-wait"), help: "Do not wait for notifications to arrive, and say nothing of them.")
    var withoutWaiting = false
    @Option(help: "Stop the command after this time: 90s, 10m, 2h.")
    var timeout: String?
    @Flag(help: "The script aborts on a failed threshold: exit code 99 then means aborted, not failed.")
    var abortOnFail = false
    @Option(
        name: .customLong("exit-code"),
        help: ArgumentHelp("What an exit code of the command means: 2=failed-threshold.", valueName: "code=status"))
    var typedExitCodes: [String] = []
    @Option(help: "The URL of the service (RUNBELL_URL).")
    var serviceUrl: String?
    @Option(help: "The service key; better set in RUNBELL_KEY.")
    var key: String?
    @OptionGroup
    var configuration: ConfigurationOptions
    @Argument(parsing: .postTerminator, help: "The command, after --.")
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else {
            throw ValidationError("No command given; write it after --: runbell watch … -- k6 run script.js")
        }
        if let timeout, DurationText.duration(timeout) == nil {
            throw ValidationError("--timeout must be a number and s, m, h or d: 90s, 10m, 2h.")
        }
        _ = try exitCodes
    }

    func run() async throws {
        let inherited = InheritedSignals()
        let settings = try Settings(tolerantly: flags, file: configuration.config)
        if !settings.leftOut.isEmpty {
            let list = settings.leftOut.map { "\n  \($0)" }.joined()
            Console.complain("these settings are invalid and left out:\(list)")
        }
        let service = await service(settings)
        let watched = WatchedCommand(
            command: command, timeout: timeout.flatMap(DurationText.duration), inherited: inherited)
        let codes = try exitCodes
        throw ExitCode(
            try await watched.run(telling: service?.announcer, codes) { event in
                if let service { await tell(of: event, service.api) }
            })
    }

    /// Nil if something is missing without which nobody can be notified: the load test runs all the same.
    private func service(_ settings: Settings) async -> (announcer: RunAnnouncer, api: APIClient)? {
        do throws(CommandFailure) {
            let plan = try WatchPlan(
                settings, command: command, context: ciContext, job: variables?.job ?? .none, now: Clock.now)
            let api = try ClientOptions.client(settings)
            let announcer = RunAnnouncer(api: api, plan: plan)
            try await announcer.prepare()
            return (announcer, api)
        } catch {
            Console.complain("nobody will be notified of this run; \(error.text)")
            return nil
        }
    }

    private var exitCodes: ExitCodes {
        get throws { try ExitCodes(abortOnFail: abortOnFail, typed: typedExitCodes) }
    }

    /// Says who was notified.
    private func tell(of event: AnnouncedEvent, _ api: APIClient) async {
        guard !withoutWaiting, let report = await event.report(api, within: .seconds(5)) else { return }
        Console.note(report.line)
        if let path = variables?.summaryFile { JobSummary(run: event.run, report: report).append(to: path) }
    }

    /// Nil if they are not to be read.
    private var variables: CIVariables? {
        withoutCI ? nil : CIVariables(environment: ProcessInfo.processInfo.environment)
    }

    private var ciContext: RunContext {
        variables?.context { path in try? JSONValue.parse(Array(Data(contentsOf: URL(filePath: path)))) } ?? .none
    }

    private var flags: [String: String] {
        var flags = about.flags
        let texts: [(Setting, String?)] = [
            (.runURL, runUrl), (.commit, commit), (.repository, repository), (.branch, branch),
            (.environmentName, environment), (.tags, tags),
        ]
        for (setting, text) in texts { flags[setting.key] = text }
        flags[Setting.url.key] = serviceUrl
        flags[Setting.key.key] = key
        return flags
    }
}
