import ArgumentParser
import Foundation
import Notifications

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a load test, and post events when it starts and finishes.",
        discussion: """
            Example:
              export RUNBELL_KEY=rb_…   (a service key: runbell keys create --service)
              runbell watch --organization 1 --project 1 --load-test 1 --user 1 --name "Checkout" -- k6 run script.js

            The command runs as it would without watch: same terminal, same input and output, and its exit code is \
            returned unchanged (128 plus the signal's number if a signal ended it). If Runbell is unreachable, the \
            command still runs, and watch reports on standard error what could not be sent. Only an invalid or incomplete \
            command line stops watch before it starts anything (exit codes 64 and 2).

            The status comes from the exit code: 0 finished; 99 failed threshold (with --abort-on-fail: aborted by \
            threshold); 105 aborted by user; 107 and 108 aborted by script error; --timeout reached: timed out; \
            SIGINT, SIGTERM, SIGHUP or SIGQUIT to watch: aborted by user; anything else aborted by system.

            Ctrl-C reaches the command through the terminal. A signal to watch alone is passed on after one second, \
            unless the command has ended by then.
            """
    )

    @Option(help: "The organization's ID (RUNBELL_ORGANIZATION).")
    var organization: Int64?
    @Option(help: "The project's ID (RUNBELL_PROJECT).")
    var project: Int64?
    @Option(help: "The load test's ID (RUNBELL_LOAD_TEST).")
    var loadTest: Int64?
    @Option(name: .customLong("run"), help: "The run's ID (RUNBELL_RUN; default: the milliseconds since 1970).")
    var runNumber: Int64?
    @Option(help: "The ID of the user who started it (RUNBELL_USER).")
    var user: Int64?
    @Option(help: "The name of the load test (RUNBELL_NAME).")
    var name: String?
    @Option(help: "Stop the command after this time: 90s, 10m, 2h.")
    var timeout: String?
    @Flag(help: "The script aborts on a failed threshold: exit code 99 then means aborted, not failed.")
    var abortOnFail = false
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
            throw ValidationError("--timeout must be a number and s, m or h: 90s, 10m, 2h.")
        }
    }

    func run() async throws {
        let inherited = InheritedSignals()
        let settings = try Settings(flags: flags, file: configuration.config)
        let plan = try WatchPlan(settings, now: Clock.now)
        let announcer = RunAnnouncer(api: try ClientOptions.client(settings), run: plan.run)
        let watched = WatchedCommand(
            command: command, timeout: timeout.flatMap(DurationText.duration), inherited: inherited)
        throw ExitCode(try await watched.run(telling: announcer, abortOnFail: abortOnFail))
    }

    private var flags: [String: String] {
        var flags: [String: String] = [:]
        let numbers: [(Setting, Int64?)] = [
            (.organization, organization), (.project, project), (.loadTest, loadTest), (.run, runNumber), (.user, user),
        ]
        for (setting, number) in numbers { flags[setting.key] = number.map { String($0) } }
        flags[Setting.name.key] = name
        flags[Setting.url.key] = serviceUrl
        flags[Setting.key.key] = key
        return flags
    }
}
