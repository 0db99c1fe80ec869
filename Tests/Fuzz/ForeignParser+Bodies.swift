import Notifications
import Repository

@testable import WebPages

/// Request bodies, and files.
extension ForeignParser {
    static let bodies = [
        ForeignParser("json", limit: 256 * 1024, seeds: documents) { bytes in
            guard let value = try? JSONValue.parse(bytes) else { return }
            _ = value.compactBytes
            var fields = FieldReader(value)
            _ = fields.text("name", bytes: 200)
            try? fields.finish()
        },
        ForeignParser("event", limit: 256 * 1024, seeds: documents) { bytes in
            guard let value = try? JSONValue.parse(bytes) else { return }
            _ = try? EventContent(reading: value)
        },
        ForeignParser("hipchat", limit: 256 * 1024, seeds: messages) { bytes in
            guard let value = try? JSONValue.parse(bytes) else { return }
            let organization = OrganizationID(1)
            guard let message = try? PostedMessage(hipChat: value, room: "7", organization: organization) else {
                return
            }
            _ = try? EventContent(stored: EventContent.messagePosted(message).json)
        },
        ForeignParser(text: "html", limit: 40_000, seeds: [page]) { text in
            _ = (HTMLText(text).text, HTMLText(text).isHarmless)
        },
        ForeignParser("channel", limit: 256 * 1024, seeds: documents) { bytes in
            guard let value = try? JSONValue.parse(bytes) else { return }
            _ = try? ChannelDraft(reading: value, kinds: .standard(), policy: EgressPolicy())
        },
        ForeignParser(text: "form", limit: 256 * 1024, seeds: forms) { text in
            guard let form = try? FormBody(text) else { return }
            _ = (form.text("name"), form.number("version"), form.all("events"), form.says("x", in: "form_token"))
            guard let channel = try? ChannelForm(form, kinds: .standard()) else { return }
            _ = try? ChannelDraft(reading: channel.draft(), kinds: .standard(), policy: EgressPolicy())
        },
        ForeignParser("audit-export", limit: 256 * 1024, seeds: [exportLine, "{\"checkpoint\":{}}\n"]) { bytes in
            _ = AuditExport.verify(bytes)
        },
    ]

    private static let documents = [
        #"{"status":3,"user_id":1,"name":"Load","organization_id":1,"load_test_id":1,"load_test_run_id":1,"project_id":1,"event":"test.finished"}"#,
        #"{"kind":"slack","name":"a","settings":{"url":"https://hooks.slack.com/services/T0/B0/abc"}}"#,
        #"{"kind":"webhook","name":"a","settings":{"url":"https://a.example"},"subscription":{"events":["test.started"]}}"#,
        #"{"csp-report":{"document-uri":"https://a.example/","blocked-uri":"inline"}}"#,
        #"[null,true,false,0,-1.5e3,"é\u0041\ud83d\ude00",{"a":[]}]"#,
    ]

    private static let page =
        #"<p>a &amp; b<br><a href="https://a.example/?x=1&amp;y=2">c</a><!-- d --><script>e</script><ul><li>f</ul><pre> g"#
    private static let messages = [
        #"{"message":"<b>Build</b> &lt;12&gt;","color":"green","notify":true,"from":"CI","card":{"url":"https://a.example"}}"#,
        #"{"message":"see https://a.example/","message_format":"text","notify":"false"}"#,
    ]

    private static let forms = [
        "form_token=abc&kind=webhook&name=CI&settings.url=https%3A%2F%2Fa.example&subscription=1&events=test.started",
        "name=caf%C3%A9+x&statuses=3&statuses=4&projects=1%2C2&max_per_minute=60&version=3",
        "key=rb_x&to=%2Forganizations%2F1",
    ]

    private static let exportLine =
        #"{"organization_id":1,"sequence":1,"at":"2026-11-23T10:12:30.000000Z","actor":"operator","action":"a","#
        + #""target":"t","detail":{},"previous_hash":""# + String(repeating: "0", count: 64) + #"","hash":""#
        + String(repeating: "0", count: 64) + "\"}\n"
}
