import ArgumentParser

/// Options for the run that events are about.
struct RunOptions: ParsableArguments {
    @Option(help: "The organization's ID (RUNBELL_ORGANIZATION).")
    var organization: Int64?
    @Option(help: "The project's ID (RUNBELL_PROJECT).")
    var project: Int64?
    @Option(help: "The load test's ID (RUNBELL_LOAD_TEST; watch has one for each repository and name).")
    var loadTest: Int64?
    @Option(
        name: .customLong("run"),
        help: "The run's ID (RUNBELL_RUN; default: the CI job's, or the milliseconds since 1970).")
    var runNumber: Int64?
    @Option(help: "The ID of the user who started it (RUNBELL_USER).")
    var user: Int64?
    @Option(help: "The name of the load test (RUNBELL_NAME).")
    var name: String?

    /// By the keys of settings.
    var flags: [String: String] {
        var flags: [String: String] = [:]
        let numbers: [(Setting, Int64?)] = [
            (.organization, organization), (.project, project), (.loadTest, loadTest), (.run, runNumber), (.user, user),
        ]
        for (setting, number) in numbers { flags[setting.key] = number.map { String($0) } }
        flags[Setting.name.key] = name
        return flags
    }
}
