import Notifications
import Testing

@Suite("The additional fields of an event")
struct RunContextTests {
    private static let nine: JSONValue = [
        "status": 2, "status_text": "Running", "user_id": 1, "name": "Load test", "organization_id": 1,
        "load_test_id": 1, "load_test_run_id": 1, "project_id": 1, "event": "test.started",
    ]

    private static func event(_ more: JSONValue) -> JSONValue {
        .object(JSONObject((nine.object?.members ?? []) + (more.object?.members ?? [])))
    }

    private static let everything: JSONValue = [
        "run_url": "https://ci.example.org/acme/shop/runs/8?a=1&b=2",
        "commit": "5f1c0b1de9b0f7f1a0d9a3d7e0f4a6c8b2e4d6f8", "repository": "acme/shop", "branch": "feature/checkout",
        "environment": "staging", "tags": ["nightly", "größer"],
    ]

    @Test("They are stored as they came, and never sent by the documented web hook")
    func roundTrip() throws {
        let content = try EventContent(reading: Self.event(Self.everything))
        #expect(content.json == Self.event(Self.everything))
        #expect(content.documentedJSON == Self.nine)
        let stored = try EventContent(stored: content.json)
        #expect(stored == content)
    }

    @Test("The end of a run keeps them")
    func end() throws {
        let content = try EventContent(reading: Self.event(Self.everything))
        let run = try #require(content.run)
        #expect(run.with(status: .failedThreshold).context == run.context)
    }

    @Test("None, null and an empty list of tags are the same")
    func none() throws {
        let nulls: JSONValue = [
            "run_url": nil, "commit": nil, "repository": nil, "branch": nil, "environment": nil, "tags": nil,
        ]
        for more in [nulls, ["tags": []], [:]] {
            let content = try EventContent(reading: Self.event(more))
            #expect(content.run?.context == RunContext.none)
            #expect(content.json == Self.nine)
        }
    }

    @Test("All mistakes are named at once")
    func mistakes() {
        let wrong: JSONValue = [
            "run_url": "javascript:alert(1)", "commit": "HEAD", "repository": 7, "branch": "",
            "environment": .string(String(repeating: "x", count: 101)),
            "tags": ["fine", "", 3, nil, .string(String(repeating: "x", count: 51)), "a\nb"],
        ]
        let error = #expect(throws: InvalidInput.self) {
            try EventContent(reading: Self.event(wrong), path: "events[4]")
        }
        let names = [
            "run_url", "commit", "repository", "branch", "environment", "tags[1]", "tags[2]", "tags[3]", "tags[4]",
            "tags[5]",
        ]
        #expect(error?.errors.map(\.field) == names.map { "events[4].\($0)" })
    }

    @Test(
        arguments: [
            ("run_url", "https://user:token@ci.example.org/1"), ("run_url", "https://token@ci.example.org/1"),
            ("run_url", "https://ci.example.org:65536/1"), ("run_url", "https://[::1]:99999999999999999999?a"),
            ("run_url", "https:///x"), ("run_url", "ci.example.org/1"), ("run_url", "https://ci.example.org/a b"),
            ("run_url", "https://ci.example.org/\"><script>"), ("run_url", "ftp://ci.example.org/"),
            ("commit", "5f1c0b1"), ("commit", .string(String(repeating: "g", count: 40))), ("tags", "nightly"),
            ("tags", .array(Array(repeating: "x", count: 21))), ("branch", "a\u{202E}b"), ("color", "red"),
        ] as [(String, JSONValue)])
    func refuses(_ key: String, _ value: JSONValue) {
        let error = #expect(throws: InvalidInput.self) {
            try EventContent(reading: Self.event(.object(JSONObject([.init(key: key, value: value)]))))
        }
        #expect(error?.errors.map(\.field) == [key])
    }

    @Test("Twenty tags and a hash of SHA-256 are taken")
    func most() throws {
        let tags = (1...20).map { JSONValue.string("\($0)" + String(repeating: "x", count: 48)) }
        let more: JSONValue = ["tags": .array(tags), "commit": .string(String(repeating: "aF", count: 32))]
        let run = try EventContent(reading: Self.event(more)).run
        #expect(run?.context.tags.count == 20)
    }

    @Test("People see them behind the documented facts; the run's own page goes before the organization's template")
    func shown() throws {
        let content = try EventContent(reading: Self.event(Self.everything))
        let run = try #require(content.run)
        let facts = run.facts.dropFirst(5)
        #expect(facts.map(\.label) == ["Environment", "Repository", "Branch", "Commit", "Tags"])
        #expect(
            facts.map(\.value) == ["staging", "acme/shop", "feature/checkout", "5f1c0b1de9b0", "nightly, größer"])
        #expect(facts.filter(\.isUserText).count == 5)
        let own = content.run?.context.runURL
        #expect(Samples.notice(content, runLink: Samples.runLink).runLink == own)
        #expect(
            Samples.notice(.testStarted(Samples.run(.running)), runLink: Samples.runLink).runLink == Samples.runLink)
    }
}
