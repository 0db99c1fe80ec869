import Foundation
import Notifications
import Testing

@testable import runbell

@Suite("What watch says in the end")
struct RunReportTests {
    private static let run = LoadTestRun(
        status: .failedThreshold, userID: UserID(1), name: "Check<b>out", organizationID: OrganizationID(4),
        loadTestID: LoadTestID(2), id: LoadTestRunID(3), projectID: ProjectID(4))

    private func delivery(_ name: String, _ state: String, attempts: Int64 = 0, isPaused: Bool = false) -> JSONValue {
        [
            "channel_name": .string(name), "kind": "slack", "state": .string(state), "attempts": .integer(attempts),
            "paused": .bool(isPaused),
        ]
    }

    private func progress(
        _ deliveries: [JSONValue], skipped: Int64 = 0, disabled: [String] = [], url: JSONValue = nil
    ) -> JSONValue {
        [
            "disabled": .array(disabled.map { ["channel_name": .string($0), "kind": "slack"] }),
            "deliveries": .array(deliveries), "skipped": .integer(skipped), "page_path": "/organizations/4/runs/3",
            "page_url": url,
        ]
    }

    private func line(_ progress: JSONValue) -> String { RunReport(progress, url: "http://localhost:8080").line }

    @Test("It names who was notified, who was not yet and why, and the run's page")
    func lines() {
        let names = ["#load-tests", "CI", "Anna's hook"].map { delivery($0, "delivered", attempts: 1) }
        let page = "http://localhost:8080/organizations/4/runs/3"
        #expect(line(progress(names)) == "3 channels notified: #load-tests, CI, Anna's hook. \(page)")
        #expect(
            line(progress([names[1]], url: "https://runbell.example/organizations/4/runs/3"))
                == "1 channel notified: CI. https://runbell.example/organizations/4/runs/3")
        let mixed = [
            names[0], delivery("Ops", "due", attempts: 1), delivery("Held", "due", isPaused: true),
            delivery("Slow", "claimed", attempts: 1), delivery("Old", "failed", attempts: 5),
        ]
        #expect(
            line(progress(mixed)) == "1 channel notified: #load-tests. Not yet: Ops (will be tried again), "
                + "Held (paused), Slow (will be tried again). Failed: Old. \(page)")
        #expect(line(progress([mixed[4]])) == "No channel notified. Failed: Old. \(page)")
        #expect(line(progress([])) == "The organization has no channels to notify. \(page)")
        #expect(line(progress([], skipped: 2)) == "No channel is subscribed to this. \(page)")
        #expect(
            line(progress([names[1]], skipped: 1, disabled: ["gone\u{1B}"]))
                == "1 channel notified: CI. Disabled: gone\u{FFFD}. \(page)")
        #expect(
            line(progress([], skipped: 1, disabled: ["gone"])) == "No channel notified. Disabled: gone. \(page)")
        let many = (1...25).map { delivery("c\($0)", "delivered") }
        #expect(line(progress(many)).contains("c20 and 5 more."))
        #expect(line(progress([delivery("a\u{1B}[2J", "delivered")])).hasPrefix("1 channel notified: a\u{FFFD}[2J."))
    }

    @Test("It waits for first attempts alone")
    func waiting() async throws {
        let open = progress([delivery("CI", "due")]).compactText
        let claimed = progress([delivery("CI", "claimed", attempts: 1)]).compactText
        let done = progress([delivery("CI", "delivered", attempts: 1)]).compactText
        let transport = ScriptedTransport([.answer(200, open), .answer(200, claimed), .answer(200, done)])
        let api = APIClient(url: "http://localhost:8080", key: nil, transport: transport)
        let event = AnnouncedEvent(id: "e", run: Self.run)
        let report = await event.report(api, within: .seconds(60), pause: .milliseconds(1))
        #expect(report?.delivered == ["CI"] && transport.requests.count == 3)
        #expect(transport.requests[0].url.hasSuffix("/v1/organizations/4/events/e/progress"))
        for settled in [delivery("CI", "due", attempts: 1), delivery("CI", "due", isPaused: true)] {
            #expect(!RunReport.isOpen(progress([settled])))
        }
        let stuck = ScriptedTransport([.answer(200, open)])
        let early = await event.report(
            APIClient(url: "http://x", key: nil, transport: stuck), within: .zero, pause: .milliseconds(1))
        #expect(early?.waiting == ["CI"])
        let old = ScriptedTransport([.answer(404)])
        #expect(await event.report(APIClient(url: "http://x", key: nil, transport: old), within: .zero) == nil)
    }

    @Test("The job's summary shows texts by users as they are, and is added to what is there")
    func summary() throws {
        let report = RunReport(
            progress(
                [delivery("#a|b *x*", "delivered"), delivery("Ops", "due", attempts: 1)], skipped: 1,
                disabled: ["Old"]),
            url: "http://l")
        let summary = JobSummary(run: Self.run, report: report)
        #expect(
            summary.text == """
                ### Check\\<b\\>out: Failed threshold

                | Channel | Notification |
                | --- | --- |
                | \\#a\\|b \\*x\\* | notified |
                | Ops \\(will be tried again\\) | not yet |
                | Old | disabled |

                [Run 3](<http://l/organizations/4/runs/3>)

                """)
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("before\n".utf8).write(to: file)
        summary.append(to: file.path)
        #expect(try String(contentsOf: file, encoding: .utf8) == "before\n\n" + summary.text)
        let none = JobSummary(run: Self.run, report: RunReport(progress([]), url: "http://l"))
        #expect(none.text.contains("The organization has no channels to notify\\."))
    }
}
