import Notifications
import Testing

@testable import runbell

@Suite("What a receiver makes of a notification")
struct ReceiverTests {
    @Test(
        "The path says which service is meant",
        arguments: [
            ("/services/T1/B1/x", "slack"), ("/slack/a", "slack"), ("/v2/room/1/notification", "hipchat"),
            ("/hipchat", "hipchat"), ("/hook", "webhook"), ("/", "webhook"), ("/v2/room/1", "webhook"),
            ("/discord/x", "discord"), ("/api/webhooks/1/x", "discord"), ("/api/v10/webhooks/1/x", "discord"),
            ("/hooks/a", "mattermost"), ("/sub/hooks/a", "mattermost"), ("/hooks/a/b", "rocketchat"),
            ("/v1/spaces/A/messages", "googlechat"), ("/workflows/1/triggers/manual/paths/invoke", "teams"),
            ("/bot1:2/sendMessage", "telegram"), ("/api/v1/messages", "zulip"),
            ("/_matrix/client/v3/rooms/a/send/m.room.message/1", "matrix"),
        ])
    func services(path: String, kind: String) {
        #expect(ServiceDoubles.addressee(of: ReceivedRequest(path: path, body: [])).kind == kind)
    }

    @Test(
        "Every service's words are shown",
        arguments: [
            (
                "slack", #"{"text": "Load test finished: Checkout", "attachments": []}"#,
                "Load test finished: Checkout"
            ),
            ("hipchat", #"{"message": "<b>Load test</b>: a &lt;b&gt; &amp;amp;<br>x"}"#, "Load test: a <b> &amp; · x"),
            (
                "webhook",
                #"{"event": "test.finished", "status": 3, "status_text": "Finished", "load_test_run_id": 7,"name":"N"}"#,
                "test.finished: Finished (status 3), run 7 of N"
            ), ("webhook", #"{"event": "test.notification_channel"}"#, "test.notification_channel"),
            ("webhook", "no", "2 bytes that are not JSON"),
            ("zulip", "to=a&topic=b+c&content=d%0Ae", "a > b c: d · e"), ("zulip", "no", "2 bytes that are not a form"),
        ])
    func summaries(kind: String, body: String, summary: String) throws {
        let double = try #require(ServiceDoubles.double(of: kind))
        #expect(double.summary(of: ReceivedRequest(body: Array(body.utf8))) == summary)
    }

    @Test("Signatures: one of several is enough; another byte, an old time or none are refused")
    func signatures() {
        let secret = SigningSecret()
        let check = SignatureCheck(secret: secret)
        let body = Array("{}".utf8)
        let good = secret.signature(id: "a", timestamp: 1000, body: body)
        let headers = ["webhook-id": "a", "webhook-timestamp": "1000", "webhook-signature": "v1,AAAA \(good)"]
        let now = Timestamp(seconds: 1100)
        #expect(check.result(headers: headers, body: body, at: now) == .valid)
        #expect(check.result(headers: headers, body: Array("{ }".utf8), at: now) == .wrong)
        #expect(check.result(headers: headers, body: body, at: Timestamp(seconds: 2000)) == .stale)
        #expect(check.result(headers: [:], body: body, at: now) == .missing)
        #expect(SignatureCheck(secret: nil).result(headers: [:], body: body, at: now) == .unchecked)
    }
}
