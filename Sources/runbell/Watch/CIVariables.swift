import Notifications

/// What the environment variables of a CI service say about the run.
///
/// A value that an event would not accept is left out: it must not cost the notification.
struct CIVariables: Sendable {
    let environment: [String: String]

    /// The additional fields; `none` outside CI, or in a service that is not known. `eventFile` reads the file in which
    /// GitHub Actions describes what triggered the job.
    func context(eventFile: @escaping (String) -> JSONValue? = { _ in nil }) -> RunContext {
        let services: [(sign: String, context: () -> RunContext)] = [
            ("GITHUB_ACTIONS", { gitHub(event: self["GITHUB_EVENT_PATH"].flatMap(eventFile)) }),
            ("GITLAB_CI", { gitLab }), ("CIRCLECI", { circle }), ("BUILDKITE", { buildkite }),
            ("TF_BUILD", { azure }), ("JENKINS_URL", { jenkins }),
        ]
        return services.first { self[$0.sign] != nil }?.context() ?? .none
    }

    /// Nil for an empty value as well.
    subscript(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func context(
        run: String?, commit: String?, repository: String?, branch: String?, environment: String? = nil
    ) -> RunContext {
        var context = RunContext()
        let values: [(RunContext.Key, String?)] = [
            (.runURL, run), (.commit, commit), (.repository, repository), (.branch, branch),
            (.environment, environment),
        ]
        for (key, value) in values {
            context[key] = value.flatMap { RunContext.error(in: $0, of: key) == nil ? $0 : nil }
        }
        return context
    }
}

extension CIVariables {
    /// https://docs.github.com/en/actions/reference/workflows-and-actions/variables. In a job for a pull request,
    /// `GITHUB_SHA` is a merge commit that nobody looks at; its head is in the event's description.
    private func gitHub(event: JSONValue?) -> RunContext {
        let repository = self["GITHUB_REPOSITORY"]
        let run = self["GITHUB_RUN_ID"].flatMap { id in
            repository.map { "\(self["GITHUB_SERVER_URL"] ?? "https://github.com")/\($0)/actions/runs/\(id)" }
        }
        return context(
            run: run, commit: event?["pull_request"]?["head"]?["sha"]?.string ?? self["GITHUB_SHA"],
            repository: repository, branch: self["GITHUB_HEAD_REF"] ?? self["GITHUB_REF_NAME"])
    }

    /// https://docs.gitlab.com/ci/variables/predefined_variables/
    private var gitLab: RunContext {
        context(
            run: self["CI_JOB_URL"] ?? self["CI_PIPELINE_URL"],
            commit: self["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] ?? self["CI_COMMIT_SHA"],
            repository: self["CI_PROJECT_PATH"],
            branch: self["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"] ?? self["CI_COMMIT_REF_NAME"],
            environment: self["CI_ENVIRONMENT_NAME"])
    }

    /// https://circleci.com/docs/reference/variables/
    private var circle: RunContext {
        let owner = self["CIRCLE_PROJECT_USERNAME"]
        return context(
            run: self["CIRCLE_BUILD_URL"], commit: self["CIRCLE_SHA1"],
            repository: owner.flatMap { owner in self["CIRCLE_PROJECT_REPONAME"].map { "\(owner)/\($0)" } },
            branch: self["CIRCLE_BRANCH"])
    }

    /// https://buildkite.com/docs/pipelines/configure/environment-variables
    private var buildkite: RunContext {
        context(
            run: self["BUILDKITE_BUILD_URL"], commit: self["BUILDKITE_COMMIT"],
            repository: self["BUILDKITE_REPO"].flatMap(Self.path(ofRepository:)), branch: self["BUILDKITE_BRANCH"])
    }

    /// https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables
    private var azure: RunContext {
        let build = self["BUILD_BUILDID"].flatMap { id in
            self["SYSTEM_COLLECTIONURI"].flatMap { home in
                self["SYSTEM_TEAMPROJECT"].map { "\(home)\(Query.escape($0))/_build/results?buildId=\(id)" }
            }
        }
        let branch = self["SYSTEM_PULLREQUEST_SOURCEBRANCH"] ?? self["BUILD_SOURCEBRANCH"]
        return context(
            run: build, commit: self["SYSTEM_PULLREQUEST_SOURCECOMMITID"] ?? self["BUILD_SOURCEVERSION"],
            repository: self["BUILD_REPOSITORY_NAME"], branch: branch.map { Self.text($0, without: "refs/heads/") })
    }

    /// https://plugins.jenkins.io/git/#plugin-content-environment-variables
    private var jenkins: RunContext {
        context(
            run: self["BUILD_URL"], commit: self["GIT_COMMIT"],
            repository: self["GIT_URL"].flatMap(Self.path(ofRepository:)),
            branch: self["CHANGE_BRANCH"] ?? self["BRANCH_NAME"]
                ?? self["GIT_BRANCH"].map { Self.text($0, without: "origin/") })
    }

    /// The path of a repository's address: `acme/shop` for `https://user:token@git.example/acme/shop.git` and
    /// `git@git.example:acme/shop.git`.
    static func path(ofRepository address: String) -> String? {
        let form = /(?:[a-z+]+:\/\/[^\/]+\/|[^\/:@]+@[^\/:]+:)\/?(.+?)(?:\.git)?\/?/
        return address.wholeMatch(of: form).map { String($0.1) }
    }

    private static func text(_ text: String, without start: String) -> String {
        text.hasPrefix(start) ? String(text.dropFirst(start.count)) : text
    }
}
