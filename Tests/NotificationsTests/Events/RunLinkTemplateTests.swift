import Notifications
import Testing

@Suite struct RunLinkTemplateTests {
    @Test func fillsInTheNumbers() throws {
        let template = try #require(
            RunLinkTemplate(
                "https://example.org/{organization_id}/{project_id}/{load_test_id}/?r={load_test_run_id}"
            ))
        #expect(template.link(to: Samples.run(.finished)) == "https://example.org/42/9/1001/?r=4711")
    }

    @Test(arguments: ["https://example.org/", "http://127.0.0.1:3000/runs/{load_test_run_id}"])
    func takes(_ text: String) {
        #expect(RunLinkTemplate(text)?.text == text)
    }

    @Test(arguments: [
        "", "runs/{load_test_run_id}", "javascript:alert(1)", "ftp://example.org/", "https://", "https:///runs",
        "https://example.org/{name}", "https://example.org/{", "https://example.org/}", "https://example.org/{}",
        "https://example.org/a b", "https://example.org/\"onclick=", "https://example.org/<b>",
        "https://example.org/a|b",
        "https://example.org/é", "https://example.org/\n", "https://example.org/" + String(repeating: "x", count: 1000),
    ])
    func refuses(_ text: String) {
        #expect(RunLinkTemplate(text) == nil)
    }
}
