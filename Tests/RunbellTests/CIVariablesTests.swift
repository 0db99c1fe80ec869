import Notifications
import Testing

@testable import runbell

@Suite("What a CI service says about a run")
struct CIVariablesTests {
    private static let commit = "5f1c0b1de9b0f7f1a0d9a3d7e0f4a6c8b2e4d6f8"
    private static let head = "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3"

    /// As each service documents them.
    private static let jobs: [(environment: [String: String], run: String)] = [
        (
            [
                "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/shop",
                "GITHUB_RUN_ID": "8", "GITHUB_SHA": commit, "GITHUB_REF_NAME": "main", "GITHUB_HEAD_REF": "",
            ], "https://github.com/acme/shop/actions/runs/8"
        ),
        (
            [
                "GITLAB_CI": "true", "CI_JOB_URL": "https://gitlab.com/acme/shop/-/jobs/8", "CI_COMMIT_SHA": commit,
                "CI_PROJECT_PATH": "acme/shop", "CI_COMMIT_REF_NAME": "main",
            ], "https://gitlab.com/acme/shop/-/jobs/8"
        ),
        (
            [
                "CIRCLECI": "true", "CIRCLE_BUILD_URL": "https://circleci.com/gh/acme/shop/8", "CIRCLE_SHA1": commit,
                "CIRCLE_PROJECT_USERNAME": "acme", "CIRCLE_PROJECT_REPONAME": "shop", "CIRCLE_BRANCH": "main",
            ], "https://circleci.com/gh/acme/shop/8"
        ),
        (
            [
                "BUILDKITE": "true", "BUILDKITE_BUILD_URL": "https://buildkite.com/acme/shop/builds/8",
                "BUILDKITE_COMMIT": commit, "BUILDKITE_REPO": "git@github.com:acme/shop.git",
                "BUILDKITE_BRANCH": "main",
            ], "https://buildkite.com/acme/shop/builds/8"
        ),
        (
            [
                "TF_BUILD": "True", "SYSTEM_COLLECTIONURI": "https://dev.azure.com/acme/",
                "SYSTEM_TEAMPROJECT": "Web shop", "BUILD_BUILDID": "8", "BUILD_SOURCEVERSION": commit,
                "BUILD_REPOSITORY_NAME": "acme/shop", "BUILD_SOURCEBRANCH": "refs/heads/main",
            ], "https://dev.azure.com/acme/Web%20shop/_build/results?buildId=8"
        ),
        (
            [
                "JENKINS_URL": "https://ci.example.org/", "BUILD_URL": "https://ci.example.org/job/shop/8/",
                "GIT_COMMIT": commit, "GIT_URL": "https://bot:secret@git.example.org/acme/shop.git",
                "GIT_BRANCH": "origin/main",
            ], "https://ci.example.org/job/shop/8/"
        ),
    ]

    @Test("Every service's job names its page, commit, repository and branch", arguments: jobs.indices)
    func services(_ index: Int) {
        let job = Self.jobs[index]
        var expected = RunContext()
        expected.runURL = job.run
        expected.commit = Self.commit
        expected.repository = "acme/shop"
        expected.branch = "main"
        #expect(CIVariables(environment: job.environment).context() == expected)
        // What a job lacks is left out, and so is what an event would not accept.
        var poor = job.environment.mapValues { $0 == Self.commit ? "HEAD" : $0 }
        #expect(CIVariables(environment: poor).context().commit == nil)
        poor = job.environment.filter { ["true", "True"].contains($0.value) || $0.key == "JENKINS_URL" }
        #expect(CIVariables(environment: poor).context() == .none)
    }

    @Test("The commit of a pull request is its head, not the merge that GitHub tests")
    func pullRequest() {
        var environment = Self.jobs[0].environment
        environment["GITHUB_EVENT_PATH"] = "/event.json"
        environment["GITHUB_HEAD_REF"] = "feature/checkout"
        let context = CIVariables(environment: environment).context { path in
            path == "/event.json" ? ["pull_request": ["head": ["sha": .string(Self.head)]]] : nil
        }
        #expect(context.commit == Self.head && context.branch == "feature/checkout")
    }

    @Test("Outside CI, nothing is known")
    func outside() {
        #expect(CIVariables(environment: ["GIT_COMMIT": Self.commit, "GITHUB_ACTIONS": ""]).context() == .none)
    }

    @Test(
        arguments: [
            ("https://github.com/acme/shop.git", "acme/shop"), ("https://gitlab.com/acme/web/shop", "acme/web/shop"),
            ("ssh://git@git.example.org:2222/acme/shop.git", "acme/shop"), ("git@github.com:acme/shop", "acme/shop"),
            ("https://user:token@github.com/acme/shop/", "acme/shop"), ("/srv/git/shop.git", nil), ("", nil),
        ] as [(String, String?)])
    func repositories(_ address: String, _ path: String?) {
        #expect(CIVariables.path(ofRepository: address) == path)
    }

    @Test("Settings go before what the CI service says")
    func settings() throws {
        let flags = [
            "organization": "1", "project": "2", "load_test": "3", "user": "4", "name": "Checkout", "key": "rb_x",
            "branch": "release", "tags": "nightly, full ,,",
        ]
        let settings = try Settings(flags: flags, environment: ["RUNBELL_ENVIRONMENT": "staging"])
        let job = CIVariables(environment: Self.jobs[0].environment).context()
        let context = try WatchPlan(settings, context: job, now: Timestamp(seconds: 5)).run(by: nil).context
        #expect(context.branch == "release" && context.environment == "staging" && context.commit == Self.commit)
        #expect(context.tags == ["nightly", "full"])
        let wrong = [
            "RUNBELL_COMMIT": "HEAD", "RUNBELL_TAGS": String(repeating: "x", count: 51), "RUNBELL_RUN_URL": "x",
        ]
        let failure = try #require(throws: CommandFailure.self) { try Settings(environment: wrong) }
        for name in wrong.keys { #expect(failure.text.contains(name)) }
    }
}
