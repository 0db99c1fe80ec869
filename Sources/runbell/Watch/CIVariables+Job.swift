/// The job of a CI service, as it names it.
struct CIJob: Equatable, Sendable {
    /// Nil if it has none that a run could have.
    let name: String?
    /// What no other job, and no other attempt of the same job, has in common; empty if the service does not say.
    let identity: [String]

    static let none = CIJob(name: nil, identity: [])
}

extension CIVariables {
    /// The variables that each service documents; their pages are in `CIVariables`. The first one of an identity has to
    /// be there, and tells jobs apart; the others tell apart what runs in one job at the same time.
    private static let jobs: [(sign: String, name: String, identity: [String])] = [
        (
            "GITHUB_ACTIONS", "GITHUB_WORKFLOW",
            [
                "GITHUB_RUN_ID", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB",
                "RUNNER_NAME",
            ]
        ),
        ("GITLAB_CI", "CI_JOB_NAME", ["CI_JOB_ID", "CI_SERVER_URL"]),
        ("CIRCLECI", "CIRCLE_JOB", ["CIRCLE_WORKFLOW_JOB_ID", "CIRCLE_NODE_INDEX"]),
        ("BUILDKITE", "BUILDKITE_PIPELINE_NAME", ["BUILDKITE_JOB_ID"]),
        (
            "TF_BUILD", "BUILD_DEFINITIONNAME",
            ["BUILD_BUILDID", "SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT", "SYSTEM_JOBID", "SYSTEM_JOBATTEMPT"]
        ),
        ("JENKINS_URL", "JOB_NAME", ["BUILD_URL", "NODE_NAME", "EXECUTOR_NUMBER"]),
    ]

    /// `none` outside CI, or in a service that is not known.
    var job: CIJob {
        guard let job = Self.jobs.first(where: { self[$0.sign] != nil }) else { return .none }
        let name = self[job.name].flatMap { Setting.name.error($0) == nil ? $0 : nil }
        guard self[job.identity[0]] != nil else { return CIJob(name: name, identity: []) }
        return CIJob(name: name, identity: [job.sign] + job.identity.map { self[$0] ?? "" })
    }

    /// The file to which a job of GitHub Actions writes what its summary shows
    /// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary).
    var summaryFile: String? { self["GITHUB_ACTIONS"].flatMap { _ in self["GITHUB_STEP_SUMMARY"] } }
}
