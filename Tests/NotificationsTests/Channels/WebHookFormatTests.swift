import Notifications
import Testing

@Suite struct WebHookFormatTests {
    private static func request(
        _ format: WebHookFormat, _ content: EventContent, attempt: Int = 1
    ) -> HTTPMessage {
        WebHook().message(
            for: Samples.notice(content, attempt: attempt, runLink: Samples.runLink), settings: Samples.webHook(format))
    }

    private static func body(_ format: WebHookFormat, _ content: EventContent) throws -> JSONValue {
        try JSONValue.parse(request(format, content).body)
    }

    private static func value(_ name: String, _ request: HTTPMessage) -> String? {
        request.headers.first { $0.name == name }?.value
    }

    private static let threshold = EventContent.testFinished(Samples.run(.failedThreshold))

    @Test(arguments: ChannelKindContract.contents.indices)
    func theDefaultIsLoadImpacts(_ index: Int) {
        let content = ChannelKindContract.contents[index]
        let notice = Samples.notice(content, runLink: Samples.runLink)
        let plain = WebHook().message(for: notice, settings: Samples.settings("webhook"))
        #expect(plain == Self.request(.loadImpact, content))
    }

    @Test(arguments: WebHookFormat.allCases, ChannelKindContract.contents.indices)
    func everyFormatIsValidJSONSignedAndTheSameInEveryAttempt(_ format: WebHookFormat, _ index: Int) throws {
        let content = ChannelKindContract.contents[index]
        let first = Self.request(format, content)
        #expect(try JSONValue.parse(first.body).object != nil)
        #expect(first.body.count <= 64 * 1024)
        #expect(first.headers.allSatisfy { $0.value.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
        #expect(Set(first.headers.map { $0.name.lowercased() }).count == first.headers.count)
        let secret = try #require(SigningSecret(Samples.secret))
        let id = Samples.deliveryID.text
        let signature = secret.signature(id: id, timestamp: Samples.at.seconds, body: first.body)
        #expect(Self.value("webhook-id", first) == id && Self.value("webhook-signature", first) == signature)
        let second = Self.request(format, content, attempt: 2)
        #expect(second.body == first.body)
        #expect(
            second.headers.filter { $0.name != "X-LoadImpact-Attempt" }
                == first.headers.filter { $0.name != "X-LoadImpact-Attempt" })
    }

    @Test func aStructuredCloudEventHasTheEnvelopeOfTheSpecification() throws {
        let request = Self.request(.cloudEvents, Self.threshold)
        #expect(Self.value("Content-Type", request) == "application/cloudevents+json")
        let event = try #require(try JSONValue.parse(request.body).object)
        #expect(
            event.keys == ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"])
        #expect(event["specversion"] == "1.0" && event["id"] == .string(Samples.deliveryID.text))
        #expect(event["source"] == "/runbell/organizations/42" && event["subject"] == "runs/4711")
        #expect(event["type"] == "runbell.test.finished")
        #expect(event["data"]?.object?.keys.count == 8 && event["data"]?["event"] == nil)
    }

    @Test func aBinaryCloudEventHasTheSameAttributesAsHeaders() throws {
        let envelope = try #require(try Self.body(.cloudEvents, Self.threshold).object)
        let request = Self.request(.binaryCloudEvents, Self.threshold)
        for name in ["specversion", "id", "source", "type", "subject", "time"] {
            #expect(Self.value("ce-\(name)", request) == envelope[name]?.string)
        }
        #expect(Self.value("Content-Type", request) == "application/json")
        #expect(Self.value("ce-datacontenttype", request) == nil)
        #expect(try JSONValue.parse(request.body) == envelope["data"])
    }

    @Test func theStandardBodyHasThreeKeys() throws {
        let body = try Self.body(.standard, Self.threshold)
        #expect(body.object?.keys == ["type", "timestamp", "data"])
        #expect(body["type"] == "test.finished" && body["data"]?["status"] == 12)
        #expect(try Self.body(.standard, .testNotificationChannel)["data"] == .object(JSONObject()))
        #expect(body["timestamp"]?.string.flatMap(Timestamp.init(rfc3339:)) == Samples.deliveryID.time)
    }

    /// Both tables of channels.md, side by side: the code here, the code there, its words, the result, the event.
    @Test(
        arguments: [
            (TestStatus.finished, 3, "Finished", 0, "success"), (.timedOut, 4, "Timed out", nil, "timed_out"),
            (.abortedByUser, 5, "Aborted by user", nil, "aborted_user"),
            (.abortedBySystem, 6, "Aborted by system", nil, "aborted_system"),
            (.abortedByScriptError, 7, "Aborted by script error", nil, "aborted_script_error"),
            (.abortedByThreshold, 8, "Aborted by threshold", 1, "aborted_threshold"),
            (.failedThreshold, 3, "Finished", 1, "failed"),
        ] as [(TestStatus, Int64, String, Int64?, String)])
    func k6CloudHasItsOwnTable(
        _ status: TestStatus, _ code: Int64, _ text: String, _ result: Int64?, _ ending: String
    ) throws {
        let content = EventContent.testFinished(Samples.run(status))
        let body = try Self.body(.k6Cloud, content)
        #expect(body["test_run"]?["status"] == .integer(code) && body["test_run"]?["status_text"] == .string(text))
        #expect(body["test_run"]?["result"] == JSONValue(result))
        #expect(body["color"] == (result == 1 ? "red" : "green"))
        #expect(body["event"] == .string("test.finished.\(ending)"))
        let request = Self.request(.k6Cloud, content)
        #expect(Self.value("X-k6cloud-Event", request) == "test.finished.\(ending)")
        #expect(Self.value("X-k6cloud-ID", request) == Samples.deliveryID.text)
        #expect(Self.value("User-Agent", request) == "K6CloudWebHook")
        // The numbers of the other table stay in the other formats.
        #expect(try Self.body(.standard, content)["data"]?["status"] == .integer(status.code))
    }

    @Test func anIDTellsWhenItWasMade() {
        for microsecond in 0..<2000 as Range<Int64> {
            let time = Timestamp(microseconds: Samples.at.microseconds + microsecond)
            #expect(DeliveryID(at: time).time == time)
        }
    }
}
