import Notifications

/// Whole bodies of requests and answers, as readers of the description see them. One run of one load test goes through all
/// of them: posted, sent to two channels, and refused by one.
enum Example {
    static let event: JSONValue = [
        "event": "test.finished", "status": 12, "user_id": 7, "name": "Checkout", "organization_id": 1,
        "load_test_id": 5, "load_test_run_id": 42, "project_id": 3,
    ]

    static let acceptance: JSONValue = ["id": .string(eventID), "deliveries": ["due": 2, "skipped": 0]]

    static let batch: JSONValue = [
        "events": [
            event,
            [
                "event": "test.started", "status": 99, "user_id": 7, "name": "Checkout", "organization_id": 1,
                "load_test_id": 5, "load_test_run_id": 43, "project_id": 3,
            ],
        ]
    ]

    static let batchResults: JSONValue = [
        "results": [
            ["status": 202, "id": .string(eventID), "deliveries": ["due": 2, "skipped": 0]],
            [
                "type": "/problems/invalid_input", "title": "Bad Request", "status": 400,
                "detail": "The request has one validation error, listed in errors. Nothing was changed.",
                "errors": [
                    ["field": "events[1].status", "message": "Must be one of the documented codes, -1 to 12."]
                ],
            ],
        ]
    ]

    static let channelDraft: JSONValue = [
        "kind": "slack", "name": "Builds",
        "settings": ["url": "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"],
        "subscription": ["events": ["test.finished"], "statuses": nil, "project_ids": [3]],
    ]

    static let channel: JSONValue = .object(channelMembers)

    static let channelWithHealth: JSONValue = {
        var object = channelMembers
        object["health"] = [
            "last_success_at": "2026-11-23T10:12:31.000000Z", "failing_since": nil, "finding": nil, "circuit": nil,
            "hold": nil,
        ]
        object["address_fingerprint"] = "5d9f1d1c"
        return .object(object)
    }()

    static let delivery: JSONValue = [
        "id": .string(deliveryID), "organization_id": 1, "event_id": .string(eventID), "channel_id": .string(channelID),
        "state": "due", "reason": "http.503", "attempt_count": 1, "due_at": "2026-11-23T10:13:02.000000Z",
        "created_at": .string(time), "updated_at": "2026-11-23T10:12:32.000000Z",
        "attempts": [
            [
                "number": 1, "started_at": "2026-11-23T10:12:31.000000Z", "duration_ms": .number(120.5),
                "verdict": "retry",
                "finding": ["code": "http.503", "text": "Slack is temporarily unavailable (503)."], "status": 503,
                "address": "192.0.2.7", "answer": "service_unavailable",
            ]
        ],
    ]

    /// An event, with what happened at every channel.
    static let explanation: JSONValue = [
        "id": .string(eventID), "organization_id": 1, "sequence": 121, "type": "test.finished",
        "received_at": .string(time), "content": event, "user_name": "Anna",
        "outcomes": [
            [
                "channel_id": .string(channelID), "channel_name": "Builds", "kind": "slack",
                "delivery_id": .string(deliveryID), "state": "due", "reason": "http.503",
                "text": "Slack is temporarily unavailable (503). The next attempt is at 10:13:02.",
            ]
        ],
    ]

    /// What a refusal looks like, with the errors of a request that has one.
    static func problem(
        _ word: String, _ title: String, status: Int, detail: String, errors: JSONValue = []
    ) -> JSONValue {
        [
            "type": .string("/problems/\(word)"), "title": .string(title), "status": .integer(Int64(status)),
            "detail": .string(detail), "errors": errors, "request_id": "5d9f1d1c8f0e4a5b1d0a53c0a4b1c2d3",
        ]
    }

    private static let eventID = "0197a3c1-02ae-7d0b-8a5f-4c1d2e3f4a5b"
    private static let channelID = "0197a3c0-7d5e-7c3a-9d9e-2f0c5c0f5a11"
    private static let deliveryID = "0197a3c1-02b0-7e11-9c3d-5b6a7f8e9d0c"
    private static let time = "2026-11-23T10:12:30.000000Z"

    private static let channelMembers: JSONObject = {
        let channel: JSONValue = [
            "id": .string(channelID), "organization_id": 1, "kind": "slack", "name": "Builds",
            "settings": ["url": "https://hooks.slack.com/services/…XXXX"],
            "subscription": ["events": ["test.finished"], "statuses": nil, "project_ids": [3]],
            "max_per_minute": nil, "enabled": true, "state": "enabled", "disabled_reason": nil, "ended": nil,
            "pending": nil, "certificates": [], "version": 1, "created_at": .string(time), "updated_at": .string(time),
        ]
        return channel.object ?? JSONObject()
    }()
}
