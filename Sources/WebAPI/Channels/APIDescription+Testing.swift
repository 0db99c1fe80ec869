import HTTPTypes
import Notifications

extension APIDescription {
    static let testing = Section(
        tag: "Testing", text: "Testing a channel, saved or not.",
        operations: [
            Operation(
                method: .post, path: "/v1/organizations/:organization/channels/test", id: "testDraft",
                summary: "Send the test event to a channel that is not saved", access: .holder(of: .administer),
                body: .json(.named("ChannelDraft")), answers: [.ok(.named("TestReport"), told)]),
            Operation(
                method: .post, path: "/v1/organizations/:organization/channels/:channel/test", id: "testChannel",
                summary: "Send the test event to a channel", access: .holder(of: .administer), body: .nothing,
                answers: [.ok(.named("TestReport"), told)], refusals: [.conflict]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/channels/:channel/tests", id: "listTests",
                summary: "List what came of a channel's newest tests", access: .holder(of: .administer),
                query: Parameter.page, answers: [.ok(.page(of: .named("ChannelTest")))]),
            Operation(
                method: .post, path: "/v1/organizations/:organization/channels/preview", id: "previewRequest",
                summary: "Show what would be sent for an event; nothing is sent", access: .holder(of: .administer),
                body: .json(.body(["channel": .one(of: [.id, .named("ChannelDraft")]), "event": .named("Event")])),
                answers: [.ok(.named("ShownRequest"))], refusals: [.conflict]),
        ],
        schemas: [
            "ShownRequest": .object(["method": .text, "url": .text, "headers": headers, "body": .text]),
            "TestReport": .object([
                "id": .id,
                "request": .named("ShownRequest"),
                "response": Schema.object(["status": .count, "headers": headers, "body": .text]).orNull,
                "error": failure.orNull,
                "timings_ms": .object([
                    "resolve": Schema.milliseconds.orNull, "connect": Schema.milliseconds.orNull,
                    "tls": Schema.milliseconds.orNull, "head": Schema.milliseconds.orNull, "total": .milliseconds,
                ]),
                "verdict": verdict,
                "finding": Schema.named("Finding").orNull,
                "text": .text,
            ]),
            "ChannelTest": .object([
                "id": .id, "at": .time, "actor": .text, "as_saved": .flag, "verdict": verdict,
                "finding": Schema.named("Finding").orNull, "status": Schema.count.orNull, "duration_ms": .milliseconds,
            ]),
            "Finding": .object(["code": .text, "text": .text]),
        ])

    private static let told = "The result, whatever the receiver returned."
    private static let verdict = Schema.words(["delivered", "retry", "postponed", "refused", "gone"])
    private static let headers = Schema.list(of: .object(["name": .text, "value": .text]))
    private static let failure = Schema.text.with(
        "pattern",
        "^(refused|local\\.[a-z]+|resolving|connecting|tls|client_certificate|timed_out\\.[a-z]+|disconnected|malformed)$"
    )
}
