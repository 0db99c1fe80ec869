import Notifications
import Testing

/// What the pages show of a commit's status.
@Suite struct CommitPreviewTests {
    @Test(arguments: [
        ("github", TestStatus.finished, "success"), ("github", .failedThreshold, "failure"),
        ("github", .abortedByUser, "error"), ("gitlab", .finished, "success"), ("gitlab", .abortedByUser, "canceled"),
        ("gitlab", .failedThreshold, "failed"),
    ])
    func showsTheStatus(_ id: String, _ status: TestStatus, _ state: String) throws {
        let run = Samples.run(status, context: Samples.context)
        let preview = try #require(try Self.preview(id, .testFinished(run)))
        #expect(preview.from == "Commit 5f1c0b1d" && preview.title == "Load test 1001")
        #expect(preview.body.hasPrefix("\(status.text) (\(status.code)): Checkout <peak> & \"browse\" · run 4711"))
        #expect(preview.facts.map(\.value) == [state])
        #expect(preview.link == run.context.runURL && preview.linkLabel == "Details")
        #expect(preview.color.wholeMatch(of: /#[0-9a-f]{6}/) != nil && preview.color != "#57606a")
    }

    @Test("Nothing is written, so nothing is shown", arguments: ["github", "gitlab"])
    func nothing(_ id: String) throws {
        for content in [EventContent.testNotificationChannel, .testStarted(Samples.run(.running)), Samples.message] {
            #expect(try Self.preview(id, content) == nil)
        }
    }

    private static func preview(_ id: String, _ content: EventContent) throws -> MessagePreview? {
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        return kind.shownMessage(for: Samples.notice(content), settings: Samples.settings(id)).preview
    }
}
