import HTTPTypes
import Notifications
import WebServing

extension APIDescription {
    static let events = Section(
        tag: "Events", text: "What happened to load-test runs, and the delivery results at every channel.",
        operations: [
            Operation(
                method: .post, path: SpecialPaths.events, id: "postEvent", summary: "Post an event",
                access: .holder(of: .writeEvents),
                text: "It is stored with a delivery for every channel before this is answered.",
                headers: [.idempotencyKey], body: .json(.named("Event"), example: Example.event),
                answers: [
                    .accepted(.named("Acceptance"), "Stored on disk; will be sent.").like(Example.acceptance),
                    .ok(.named("Acceptance"), "Already received.", headers: [.replayed]),
                ], refusals: [.notFound]),
            Operation(
                method: .post, path: SpecialPaths.eventBatch, id: "postEvents",
                summary: "Post up to \(AdmissionLimits.mostEventsOfRequest) events, each with its own result",
                access: .holder(of: .writeEvents),
                text: "A rejected event does not stop the others. Post those again whose result is a 503 or a 507.",
                body: .json(batch, example: Example.batch),
                answers: [
                    .accepted(.named("BatchResults"), "At least one was accepted. The others say why they were not.")
                        .like(Example.batchResults),
                    .ok(.named("BatchResults"), "None was accepted."),
                ]),
            Operation(
                method: .post, path: SpecialPaths.roomNotification, id: "postMessage",
                summary: "Post a message as to a room of HipChat",
                access: .holder(of: .writeEvents),
                text: "For CI jobs that were written for HipChat's API, version 2. The room decides nothing.",
                query: [.query("auth_test", "true only checks the key.", .text)],
                headers: [.idempotencyKey],
                body: .init(content: [
                    "application/json": .named("HipChatMessage"), "text/plain": messageText, "text/html": messageText,
                ]),
                answers: [
                    OperationAnswer(status: .noContent, text: "Stored on disk; will be sent.", headers: [.replayed]),
                    OperationAnswer(status: .accepted, text: "The key is good. Nothing was posted."),
                ], form: .hipChat),
            Operation(
                method: .get, path: "/v1/organizations/:organization/events", id: "listEvents",
                summary: "List the events, newest first", access: .holder(of: .read),
                query: Parameter.page + [
                    .query("type", "Events of this type.", .word(EventType.self)),
                    .query("load_test_run_id", "Events of this run.", .number),
                    .query("statuses", "Events with one of these status codes, separated by commas.", codes),
                    .query("project_id", "Events of runs of this project.", .number),
                    .query("name", "Events of load tests whose name contains these words.", .visible(bytes: 500)),
                ] + Parameter.span,
                answers: [.ok(.page(of: .named("AcceptedEvent")))]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/events/live", id: "awaitEvents",
                summary: "Wait for new events, and get them oldest first", access: .holder(of: .read),
                text: "Ask again with the last_sequence of the response: no event is left out or returned twice.",
                query: [
                    .query("after", "The last_sequence of the response before. Without it, no events.", .count),
                    .query("wait", "How many seconds to wait if there is none yet.", .count(in: 0...20)),
                ],
                answers: [.ok(.object(["data": .list(of: .named("AcceptedEvent")), "last_sequence": .count]))]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/events/:event", id: "showEvent",
                summary: "Show an event and its delivery results", access: .holder(of: .read),
                text: "There is one outcome for every channel, also for those that it was not sent to.",
                answers: [.ok(accepted.adding(["outcomes": .list(of: .named("Outcome"))])).like(Example.explanation)]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/events/:event/progress", id: "followEvent",
                summary: "Show whom an event was sent to, and whether it arrived", access: .holder(of: .followEvent),
                answers: [.ok(progress)]),
        ],
        schemas: [
            "Event": Schema.one(of: [.named("RunEvent"), .named("TestEvent")]),
            "RunEvent": .body(
                [
                    "status": .status, "user_id": .number, "name": name, "organization_id": .number,
                    "load_test_id": .number, "load_test_run_id": .number, "project_id": .number,
                    "event": .words([EventType.testStarted, .testFinished].map(\.rawValue)),
                ],
                optional: [
                    "status_text": .visible(bytes: 255, controls: .taken), "run_url": link.orNull,
                    "commit": commit.orNull, "repository": context(.repository), "branch": context(.branch),
                    "environment": context(.environment), "tags": tags.orNull,
                ]
            ).with("examples", [example, fullExample]),
            "TestEvent": .body(["event": .words([EventType.testNotificationChannel.rawValue])]),
            "MessageEvent": message,
            "ChannelEvent": channelEvent,
            "UnreadableEvent": unreadable,
            "HipChatMessage": hipChatMessage,
            "HipChatError": .object(["error": .object(["code": .count, "type": .text, "message": .text])]),
            "AcceptedEvent": accepted,
            "Outcome": .object([
                "channel_id": .id, "channel_name": .text, "kind": .text, "delivery_id": Schema.id.orNull,
                "state": .words(DeliveryState.allCases.map(\.rawValue) + ["none"]), "reason": Schema.text.orNull,
                "text": .text,
            ]),
            "Acceptance": acceptance,
            "BatchResults": .object(["results": .list(of: .one(of: [taken, refused]))]),
        ])

    private static let example: JSONValue = [
        "status": 2, "status_text": "Running", "user_id": 1, "name": "Load test", "organization_id": 1,
        "load_test_id": 1, "load_test_run_id": 1, "project_id": 1, "event": "test.started",
    ]
    private static let fullExample: JSONValue = [
        "status": 12, "user_id": 1, "name": "Load test", "organization_id": 1, "load_test_id": 1,
        "load_test_run_id": 1, "project_id": 1, "event": "test.finished",
        "run_url": "https://ci.example.org/acme/shop/runs/8", "commit": "5f1c0b1de9b0f7f1a0d9a3d7e0f4a6c8b2e4d6f8",
        "repository": "acme/shop", "branch": "main", "environment": "staging", "tags": ["nightly"],
    ]
    private static let message = Schema.body(
        [
            "event": .words([EventType.messagePosted.rawValue]), "organization_id": .number,
            "room": .visible(bytes: PostedMessage.roomBytes, controls: .taken), "notify": .flag,
            "message": Schema.visible(bytes: PostedMessage.textBytes, controls: .taken).described("Without markup."),
        ],
        optional: [
            "from": Schema.text.orNull, "color": color.orNull, "link": link.orNull,
            "html": Schema.text.orNull.described("As it was posted, if that was harmless HTML."),
        ])
    private static let messageText = Schema.visible(bytes: PostedMessage.textLength, controls: .taken)
        .described("Up to 10,000 characters.")
    /// Unknown members are ignored, as by HipChat.
    private static let hipChatMessage = Schema.object(["message": messageText]).mayHave([
        "message_format": Schema.words(["html", "text"]).with("default", "html").orNull, "color": color.orNull,
        "notify": Schema(["anyOf": [["type": ["boolean", "null"]], ["enum": ["true", "false"]]]]),
        "from": Schema.visible(bytes: 64, controls: .taken).orNull,
        "card": Schema(["description": "Only its url counts."]),
    ]).with("additionalProperties", true)
    private static let color = Schema.words(PostedMessage.Color.allCases.map(\.rawValue))
    private static let link = Schema.text.with("maxLength", .integer(Int64(RunContext.Key.runURL.bytes)))
        .with("format", "uri").with("pattern", #"^[Hh][Tt][Tt][Pp][Ss]?://[^/@\s]+(/\S*)?$"#)
        .described("The run's page, which notifications link to. No user name or password.")
    private static let commit = Schema.text.with("pattern", "^([0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$")
        .described("The full hash of the commit that is tested.")
    private static let tags = Schema.list(of: .visible(bytes: RunContext.tagBytes))
        .with("maxItems", .integer(Int64(RunContext.mostTags)))
    private static func context(_ key: RunContext.Key) -> Schema { Schema.visible(bytes: key.bytes).orNull }
    private static let codes = Schema.text.with("pattern", "^(-1|[0-9]|1[0-2])(,(-1|[0-9]|1[0-2])){0,13}$")
    private static let name = Schema.visible(bytes: EventContent.nameBytes, controls: .taken)
    private static let batch = Schema.body([
        "events": Schema.list(of: .named("Event"))
            .with("minItems", 1).with("maxItems", .integer(Int64(AdmissionLimits.mostEventsOfRequest)))
            .described("Each as for a single event. An invalid one is rejected in its own result.")
    ])
    /// What the service itself reports about a channel.
    private static let channelEvent = Schema.body([
        "event": .words([EventType.channelDisabled, .channelUnreachable].map(\.rawValue)), "organization_id": .number,
        "channel_id": .id, "channel_name": .text, "service": Schema.text.described("The kind of the channel."),
        "code": Schema.text.described("What its last attempt found."), "text": .text,
        "since": Schema.time.described("When deliveries began to fail."),
    ])
    private static let unreadable = Schema.body([
        "event": .words(EventType.allCases.filter { $0 != .testNotificationChannel }.map(\.rawValue))
    ]).described("An event that was stored and can no longer be read.")
    private static let accepted = Schema.object([
        "id": .id, "organization_id": .number, "sequence": .ordinal, "type": .word(EventType.self),
        "received_at": .time,
        "content": Schema.one(
            of: ["RunEvent", "TestEvent", "MessageEvent", "ChannelEvent", "UnreadableEvent"].map { .named($0) }),
        "user_name": Schema.text.orNull.described("The display name of the event's user when it was accepted."),
    ])
    private static let progress = Schema.object([
        "id": .id, "skipped": Schema.count.described("Channels that it was not sent to on purpose."),
        "disabled": Schema.list(of: .object(["channel_name": .text, "kind": .text]))
            .described("Those of the skipped channels that were disabled."),
        "deliveries": .list(
            of: .object([
                "channel_name": .text, "kind": .text,
                "state": .words(DeliveryState.allCases.filter { $0 != .skipped }.map(\.rawValue)), "attempts": .count,
                "paused": Schema.flag.described("It waits for its channel to be resumed."),
            ])),
        "page_path": Schema.text.orNull.described("The page of the event's run."),
        "page_url": Schema.text.orNull.described("The same as a URL, if RUNBELL_PUBLIC_URL is set."),
    ])
    private static let acceptance = Schema.object([
        "id": .id, "deliveries": .object(["due": .count, "skipped": .count]),
    ])
    private static let taken = acceptance.adding(["status": .constant(202)])
    private static let refused = Schema.object(Refusal.members)
}

extension Schema {
    /// A documented code, with its description.
    static let status = Schema([
        "type": "integer", "enum": .array(TestStatus.allCases.map { .integer($0.code) }),
        "description": .string(TestStatus.allCases.map { "\($0.code) \($0.text)" }.joined(separator: ", ")),
    ])
}
