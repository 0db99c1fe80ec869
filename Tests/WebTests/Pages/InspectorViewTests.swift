import Notifications
import Repository
import Testing

@testable import WebPages

@Suite struct InspectorViewTests {
    @Test(
        arguments: [
            (
                #"{"b":1,"a":{"c":[1,2],"d":{}},"e":[]}"#,
                "{\n  \"b\": 1,\n  \"a\": {\n    \"c\": [\n      1,\n      2\n    ],\n    \"d\": {}\n  },\n  \"e\": []\n}"
            ),
            ("ok", "ok"), ("{broken", "{broken"), ("", ""), ("[]", "[]"),
        ])
    func aBodyIsReadable(_ body: String, shown: String) {
        #expect(ReadableBody.text(body) == shown)
    }

    @Test func aCommandIsQuotedForTheShell() {
        let message = RedactedMessage(
            transport: "HTTP", envelope: [.init("method", "POST"), .init("url", "https://a.example/…")],
            headers: [.init("Content-Length", "9"), .init("X-A", "it's")], body: "a 'b' $c")
        #expect(
            CurlCommand.text(message) == #"""
                curl --request 'POST' \
                  'https://a.example/…' \
                  --header 'X-A: it'\''s' \
                  --data-raw 'a '\''b'\'' $c'
                """#)
        let mail = RedactedMessage(transport: "SMTP", envelope: [], headers: [], body: "")
        #expect(CurlCommand.text(mail) == nil)
    }

    @Test func theBarsOfAnAttemptFitInItsWidth() {
        let view = TimingBarView(
            Timings(
                resolve: .milliseconds(10), connect: .milliseconds(20), tls: .zero, head: .milliseconds(100),
                total: .milliseconds(131)))
        #expect(view.parts.map(\.name) == ["DNS lookup", "connect", "TLS", "response"])
        #expect(view.parts.allSatisfy { $0.width > 0 && $0.x + $0.width <= 600 })
        #expect(TimingBarView(Timings(total: .seconds(1))).parts.isEmpty)
    }

    @Test func aSmallCountBesideALargeOneIsStillSeen() {
        let hour = { (delivered: Int, failed: Int) in
            var tally = DeliveryTally()
            for _ in 0..<delivered { tally.noteArrival(after: .zero) }
            for _ in 0..<failed { tally.noteFailure(isLast: false) }
            return DeliveryFigures.Hour(start: Timestamp(seconds: 0), tally: tally)
        }
        let bars = BarView.all([
            BarView.Part([hour(5000, 1)], words: { _ in "" }), BarView.Part([hour(1, 0)], words: { _ in "" }),
        ])
        #expect(bars[0].height == 42 && bars[1].height == 2 && bars[0].depth > 0 && bars[1].depth == 0)
        #expect(bars.allSatisfy { $0.top + $0.height == BarView.axis })
    }
}
