import Notifications
import Testing

/// Which events open an incident, resolve one, or say nothing; and which set the status of a commit.
@Suite struct IncidentTests {
    private func request(_ kind: String, _ content: EventContent) throws -> HTTPMessage {
        try Samples.request(kind, Samples.notice(content, runLink: Samples.runLink))
    }

    @Test(arguments: ["pagerduty", "opsgenie"], TestStatus.allCases)
    func onlyOutcomesAreTold(_ id: String, _ status: TestStatus) throws {
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        #expect(kind.declines(.testFinished(Samples.run(status))) == (status.isFinal ? nil : .outcome))
        #expect(kind.declines(.testStarted(Samples.run(.running))) == .outcome)
        #expect(kind.declines(.testNotificationChannel) == nil && kind.declines(Samples.alert(.disabled)) == nil)
    }

    @Test(arguments: TestStatus.final)
    func aFailureOpensAndTheNextPassResolves(_ status: TestStatus) throws {
        let request = try request("pagerduty", .testFinished(Samples.run(status)))
        let body = try JSONValue.parse(request.body)
        let severities: [TestStatus: JSONValue] = [
            .abortedByUser: "info", .abortedBySystem: "warning", .timedOut: "warning", .abortedByScriptError: "error",
            .abortedByThreshold: "error", .failedThreshold: "error", .finished: "info",
        ]
        #expect(request.url == "https://events.pagerduty.com/v2/enqueue")
        #expect(body["event_action"] == (status == .finished ? "resolve" : "trigger"))
        #expect(body["dedup_key"] == "runbell-42-1001")
        #expect(body["payload"]?["severity"] == severities[status])
        let alert = try self.request("opsgenie", .testFinished(Samples.run(status)))
        let isClosed = alert.url == "https://api.opsgenie.com/v2/alerts/runbell-42-1001/close?identifierType=alias"
        #expect(isClosed == (status == .finished))
        #expect(try isClosed || JSONValue.parse(alert.body)["alias"] == "runbell-42-1001")
    }

    @Test func aTestPagesNobody() throws {
        let request = try request("pagerduty", .testNotificationChannel)
        #expect(request.url == "https://events.pagerduty.com/v2/change/enqueue")
        #expect(try JSONValue.parse(request.body)["event_action"] == nil)
    }

    @Test(arguments: ChannelKindContract.contents.indices)
    func keepsLimits(_ index: Int) throws {
        let content = ChannelKindContract.contents[index]
        let page = try JSONValue.parse(request("pagerduty", content).body)
        #expect((1...1024).contains(page["payload"]?["summary"]?.string?.utf16.count ?? 0))
        let alert = try JSONValue.parse(request("opsgenie", content).body)
        for (key, limit) in [("message", 130), ("description", 15_000), ("note", 25_000), ("entity", 512)] {
            #expect((alert[key]?.string?.utf16.count ?? 0) <= limit)
        }
        #expect((alert["tags"]?.array ?? []).allSatisfy { ($0.string?.utf16.count ?? 0) <= 50 })
        #expect((alert["tags"]?.array?.count ?? 0) <= 20)
        let push = try JSONValue.parse(request("ntfy", content).body)
        #expect((1...4096).contains(push["message"]?.string?.utf8.count ?? 0))
    }

    @Test func aRunsEndReplacesItsStartIfAsked() throws {
        var settings = Samples.settings("ntfy")
        settings["replace"] = true
        for content in [EventContent.testStarted(Samples.run(.running)), .testFinished(Samples.run(.finished))] {
            let body = Ntfy().message(for: Samples.notice(content), settings: settings).body
            #expect(try JSONValue.parse(body)["sequence_id"] == "run-4711")
            #expect(try JSONValue.parse(request("ntfy", content).body)["sequence_id"] == nil)
        }
    }
}

@Suite struct CommitStatusTests {
    private static let commit = "5f1c0b1de9b0f7f1a0d9a3d7e0f4a6c8b2e4d6f8"

    @Test(arguments: ["github", "gitlab"])
    func withoutACommitThereIsNothingToSay(_ id: String) throws {
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        #expect(kind.declines(.testFinished(Samples.run(.finished))) == .commit)
        #expect(kind.declines(Samples.alert(.unreachable)) == .commit)
        #expect(kind.declines(.testFinished(Samples.run(.finished, context: Samples.context))) == nil)
        #expect(kind.declines(.testNotificationChannel) == nil)
        #expect(try Samples.request(id, Samples.notice(.testNotificationChannel)).method == .get)
    }

    @Test(
        arguments: [
            (TestStatus.finished, "success", "success"), (.failedThreshold, "failure", "failed"),
            (.abortedByThreshold, "failure", "failed"), (.abortedByUser, "error", "canceled"),
            (.abortedBySystem, "error", "failed"), (.timedOut, "error", "failed"),
            (.abortedByScriptError, "error", "failed"),
        ])
    func states(_ status: TestStatus, _ github: String, _ gitlab: String) throws {
        let notice = Samples.notice(.testFinished(Samples.run(status, context: Samples.context)))
        let one = try Samples.request("github", notice)
        #expect(one.url == "https://api.github.com/repos/acme/shop/statuses/\(Self.commit)")
        let body = try JSONValue.parse(one.body)
        #expect(body["state"]?.string == github && body["context"] == "Load test 1001")
        #expect(body["target_url"]?.string == Samples.context.runURL)
        let other = try Samples.request("gitlab", notice)
        #expect(other.url == "https://gitlab.example.org/api/v4/projects/acme%2Fweb%2Fshop/statuses/\(Self.commit)")
        #expect(try JSONValue.parse(other.body)["state"]?.string == gitlab)
        #expect(try JSONValue.parse(other.body)["ref"]?.string == Samples.context.branch)
    }

    /// It refuses the whole status otherwise.
    @Test func gitHubGetsNoCharactersOfFourBytes() throws {
        let run = Samples.run(.finished, name: "🐛 Chéckout 中", context: Samples.context, userName: "Ben 🚀")
        let notice = Samples.notice(.testFinished(run))
        let one = try JSONValue.parse(Samples.request("github", notice).body)
        #expect(one["description"] == "Finished (3): \u{FFFD} Chéckout 中 · run 4711, project 9, Ben \u{FFFD}")
        let other = try JSONValue.parse(Samples.request("gitlab", notice).body)
        #expect(other["description"] == "Finished (3): 🐛 Chéckout 中 · run 4711, project 9, Ben 🚀")
    }

    @Test func gitLabSaysThatAProjectHasMoved() throws {
        let answer = Samples.answer(302, "", ("Location", "https://gitlab.com/api/v4/projects/17"))
        #expect(GitLab().verdict(on: answer).finding?.code == "gitlab.moved")
    }

    @Test func aStartIsUnderWay() throws {
        let notice = Samples.notice(.testStarted(Samples.run(.running, context: Samples.context)))
        #expect(try JSONValue.parse(Samples.request("github", notice).body)["state"] == "pending")
        #expect(try JSONValue.parse(Samples.request("gitlab", notice).body)["state"] == "running")
    }

    @Test(arguments: ChannelKindContract.contents.indices)
    func keepsLimits(_ index: Int) throws {
        let notice = Samples.notice(ChannelKindContract.contents[index])
        guard notice.content.run?.context.commit != nil else { return }
        let one = try JSONValue.parse(Samples.request("github", notice).body)
        let description = try #require(one["description"]?.string)
        #expect((1...140).contains(description.utf16.count))
        #expect(!description.unicodeScalars.contains { $0.value > 0xFFFF })
        for leaf in try JSONValue.parse(Samples.request("gitlab", notice).body).leaves {
            #expect(leaf.utf16.count <= 255)
        }
    }
}
