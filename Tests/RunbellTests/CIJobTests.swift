import Foundation
import Notifications
import Testing

@testable import runbell

@Suite("What a CI service's job makes of a run")
struct CIJobTests {
    /// As each service documents them. The names of `distinct` tell two jobs apart.
    private static let jobs: [(environment: [String: String], name: String, distinct: [String])] = [
        (
            [
                "GITHUB_ACTIONS": "true", "GITHUB_WORKFLOW": "Nightly", "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_REPOSITORY": "acme/shop", "GITHUB_RUN_ID": "8", "GITHUB_RUN_ATTEMPT": "1",
                "GITHUB_JOB": "load", "RUNNER_NAME": "GitHub Actions 2",
            ], "Nightly", ["GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB", "GITHUB_REPOSITORY", "RUNNER_NAME"]
        ),
        (
            [
                "GITLAB_CI": "true", "CI_JOB_NAME": "load test", "CI_JOB_ID": "8",
                "CI_SERVER_URL": "https://gitlab.example.org",
            ], "load test", ["CI_JOB_ID", "CI_SERVER_URL"]
        ),
        (
            [
                "CIRCLECI": "true", "CIRCLE_JOB": "load", "CIRCLE_NODE_INDEX": "0",
                "CIRCLE_WORKFLOW_JOB_ID": "0c2b6e9a-5a0e-4a4c-b7a6-9b8c3f9b1d11",
            ], "load", ["CIRCLE_WORKFLOW_JOB_ID", "CIRCLE_NODE_INDEX"]
        ),
        (
            [
                "BUILDKITE": "true", "BUILDKITE_PIPELINE_NAME": "Shop",
                "BUILDKITE_JOB_ID": "e44f9784-e20e-4b93-a21d-f41fd5869db9",
            ], "Shop", ["BUILDKITE_JOB_ID"]
        ),
        (
            [
                "TF_BUILD": "True", "BUILD_DEFINITIONNAME": "Load test", "BUILD_BUILDID": "8",
                "SYSTEM_COLLECTIONURI": "https://dev.azure.com/acme/", "SYSTEM_TEAMPROJECT": "shop",
                "SYSTEM_JOBID": "12f1170f-54f2-53f3-20dd-22fc7dff55f9", "SYSTEM_JOBATTEMPT": "1",
            ], "Load test", ["BUILD_BUILDID", "SYSTEM_COLLECTIONURI", "SYSTEM_JOBID", "SYSTEM_JOBATTEMPT"]
        ),
        (
            [
                "JENKINS_URL": "https://ci.example.org/", "JOB_NAME": "shop/main", "NODE_NAME": "built-in",
                "BUILD_URL": "https://ci.example.org/job/shop/8/", "EXECUTOR_NUMBER": "1",
            ], "shop/main", ["BUILD_URL", "EXECUTOR_NUMBER", "NODE_NAME"]
        ),
    ]

    private func run(
        _ environment: [String: String], flags: [String: String] = [:], command: [String] = ["k6", "run"]
    ) throws -> LoadTestRun {
        let needed = ["organization": "1", "project": "2", "user": "3", "key": "rb_x"]
        let settings = try Settings(flags: needed.merging(flags) { $1 }, environment: [:])
        let variables = CIVariables(environment: environment)
        return try WatchPlan(
            settings, command: command, context: variables.context(), job: variables.job, now: Timestamp(seconds: 5)
        ).run(by: nil)
    }

    @Test("The name and the run are the job's, and stay the same within it", arguments: jobs.indices)
    func services(_ index: Int) throws {
        let (environment, name, distinct) = Self.jobs[index]
        let run = try run(environment)
        #expect(run.name == name)
        #expect(run.id.value > 0 && run.id.value < 1 << 53 && run.id != LoadTestRunID(5000))
        #expect(try self.run(environment).id == run.id)
        for variable in distinct {
            let other = environment.merging([variable: "other"]) { $1 }
            #expect(try self.run(other).id != run.id, "\(variable)")
        }
        let given = try self.run(environment, flags: ["name": "Checkout", "run": "77", "load_test": "9"])
        #expect(given.name == "Checkout" && given.id == LoadTestRunID(77) && given.loadTestID == LoadTestID(9))
        // Without what tells jobs apart, the run's number is a new one.
        let poor = environment.filter { !distinct.contains($0.key) }
        #expect(try self.run(poor).id == LoadTestRunID(5000))
    }

    @Test("The script is part of the name, so that two scripts of a job are two load tests; no argument is")
    func scripts() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["checkout.js", "search.js"].map { folder.appending(path: $0).path }
        for file in files { try Data().write(to: URL(filePath: file)) }
        let runs = try files.map { try run(Self.jobs[0].environment, command: ["k6", "run", "-e", "TOKEN=1", $0]) }
        #expect(runs.map(\.name) == ["Nightly: checkout.js", "Nightly: search.js"])
        #expect(runs[0].id != runs[1].id && runs[0].loadTestID != runs[1].loadTestID)
        #expect(try run([:], command: ["k6", "run", files[0]]).name == "checkout.js")
        #expect(try run([:], command: ["/opt/bin/locust", "--headless"]).name == "locust")
    }

    @Test("The load test stays the same from run to run, and is another one in another repository")
    func loadTests() throws {
        let first = Self.jobs[0].environment
        let next = try run(first.merging(["GITHUB_RUN_ID": "9"]) { $1 })
        #expect(try run(first).loadTestID == next.loadTestID)
        #expect(try run(first.merging(["GITHUB_REPOSITORY": "acme/blog"]) { $1 }).loadTestID != next.loadTestID)
    }

    @Test("The number of the same parts never changes")
    func numbers() {
        #expect(StableNumber.of(["run", "a"]) == StableNumber.of(["run", "a"]))
        #expect(StableNumber.of(["ab", "c"]) != StableNumber.of(["a", "bc"]))
        #expect(StableNumber.of(["load test", "acme/shop", "Checkout"]) == 4_148_042_510_153_213)
    }

    @Test("Only a job of GitHub Actions has a summary")
    func summary() {
        let path = ["GITHUB_STEP_SUMMARY": "/s.md"]
        #expect(CIVariables(environment: path.merging(["GITHUB_ACTIONS": "true"]) { $1 }).summaryFile == "/s.md")
        #expect(CIVariables(environment: path).summaryFile == nil)
    }
}
