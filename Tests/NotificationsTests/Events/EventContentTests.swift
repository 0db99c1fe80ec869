import Notifications
import Testing

@Suite struct EventContentTests {
    private static let started: JSONValue = [
        "status": 2, "status_text": "Running", "user_id": 1, "name": "Load test", "organization_id": 1,
        "load_test_id": 1,
        "load_test_run_id": 1, "project_id": 1, "event": "test.started",
    ]

    @Test("A run that has just started has no final status", arguments: TestStatus.allCases)
    func startsInNoFinalStatus(status: TestStatus) throws {
        var object = Self.started.object ?? JSONObject()
        object["status"] = .integer(status.code)
        guard status.isFinal else {
            _ = try EventContent(reading: .object(object))
            return
        }
        let error = #expect(throws: InvalidInput.self) { try EventContent(reading: .object(object)) }
        #expect(error?.errors.map(\.field) == ["event", "status"])
        #expect(try EventContent(stored: .object(object)).run?.status == status)
    }

    @Test func writesTheDocumentedNineKeysInOrder() throws {
        let content = try EventContent(reading: Self.started)
        #expect(
            content.json.compactText
                == #"{"status":2,"status_text":"Running","user_id":1,"name":"Load test","organization_id":1,"#
                + #""load_test_id":1,"load_test_run_id":1,"project_id":1,"event":"test.started"}"#)
    }

    @Test func theTestEventHasOneKey() throws {
        let content = try EventContent(reading: ["event": "test.notification_channel"])
        #expect(content == .testNotificationChannel)
        #expect(content.json.compactText == #"{"event":"test.notification_channel"}"#)
        #expect(throws: InvalidInput.self) {
            try EventContent(reading: ["event": "test.notification_channel", "status": 2])
        }
    }

    @Test(arguments: TestStatus.allCases)
    func fillsInTheStatusText(_ status: TestStatus) throws {
        var object = Self.started.object ?? JSONObject()
        object["event"] = status.isFinal ? "test.finished" : "test.started"
        object["status"] = .integer(status.code)
        let content = try EventContent(reading: JSONValue.object(object).without("status_text"))
        #expect(content.run?.statusText == status.text)
    }

    @Test func aGivenStatusTextIsSentUnchanged() throws {
        let content = try EventContent(reading: Self.changed("status_text", "läuft \u{7F}\n"))
        #expect(content.run?.statusText == "läuft \u{7F}\n")
    }

    @Test func reportsAllErrorsAtOnce() {
        let error = #expect(throws: InvalidInput.self) {
            try EventContent(
                reading: ["event": "test.exploded", "status": 13, "user_id": "1", "name": "", "color": "red"],
                path: "events[0]")
        }
        let fields = error?.errors.map(\.field) ?? []
        let wanted = [
            "event", "status", "user_id", "name", "organization_id", "load_test_id", "load_test_run_id", "project_id",
            "color",
        ]
        #expect(Set(fields) == Set(wanted.map { "events[0].\($0)" }))
        #expect(fields.count == wanted.count)
    }

    @Test(
        arguments: [
            ("status", -2), ("status", 13), ("status", "2"), ("status", nil), ("status", .number(2.0)), ("name", nil),
            ("name", 7),
            ("name", .string(String(repeating: "x", count: 10_001))), ("user_id", .number(1.5)),
            ("event", "test.ended"),
            ("event", nil), ("status_text", 2), ("project_id", true), ("__proto__", [:]), ("organization_id", [1]),
        ] as [(String, JSONValue)])
    func refuses(_ key: String, _ value: JSONValue) {
        #expect(throws: InvalidInput.self) { try EventContent(reading: Self.changed(key, value)) }
    }

    @Test func acceptsTheLongestName() throws {
        let name = String(repeating: "x", count: 10_000)
        #expect(try EventContent(reading: Self.changed("name", .string(name))).run?.name == name)
    }

    private static func changed(_ key: String, _ value: JSONValue) -> JSONValue {
        var object = started.object ?? JSONObject()
        object[key] = value
        return .object(object)
    }
}

extension JSONValue {
    fileprivate func without(_ key: String) -> JSONValue {
        var object = self.object ?? JSONObject()
        object[key] = nil
        return .object(object)
    }
}

@Suite struct ChannelAlertTests {
    @Test(arguments: [ChannelAlert.Kind.disabled, .unreachable])
    func comesBackAsItWasStored(_ kind: ChannelAlert.Kind) throws {
        let content = Samples.alert(kind)
        #expect(try EventContent(stored: content.json) == content)
    }

    @Test func anAlertCannotBePosted() {
        #expect(throws: InvalidInput.self) { try EventContent(reading: Samples.alert(.disabled).json) }
        #expect(throws: InvalidInput.self) { try Subscription(reading: ["events": ["channel.disabled"]]) }
    }
}
