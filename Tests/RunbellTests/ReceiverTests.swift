import Notifications
import Testing

@testable import runbell

@Suite("What a receiver makes of a notification")
struct ReceiverTests {
    @Test(
        "The path says which service is meant",
        arguments: [
            ("/services/T1/B1/x", Arrival.Service.slack), ("/slack/a", .slack), ("/v2/room/1/notification", .hipchat),
            ("/hipchat", .hipchat), ("/hook", .webhook), ("/", .webhook), ("/v2/room/1", .webhook),
        ])
    func services(path: String, service: Arrival.Service) {
        #expect(Arrival.Service(path: path) == service)
    }

    @Test(
        "Every service's words are shown",
        arguments: [
            (
                Arrival.Service.slack, #"{"text": "Load test finished: Checkout", "attachments": []}"#,
                "Load test finished: Checkout"
            ),
            (.hipchat, #"{"message": "<b>Load test</b>: a &lt;b&gt; &amp;amp;<br>x"}"#, "Load test: a <b> &amp; · x"),
            (
                .webhook,
                #"{"event": "test.finished", "status": 3, "status_text": "Finished", "load_test_run_id": 7,"name":"N"}"#,
                "test.finished: Finished (status 3), run 7 of N"
            ), (.webhook, #"{"event": "test.notification_channel"}"#, "test.notification_channel"),
            (.webhook, "no", "2 bytes that are not JSON"),
        ])
    func summaries(service: Arrival.Service, body: String, summary: String) {
        let arrival = Arrival(
            at: Timestamp(seconds: 0), service: service, path: "/", headers: [:], body: Array(body.utf8),
            signature: .unchecked, isRepeat: false)
        #expect(arrival.summary == summary)
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
