/// The custom web hook of k6 Cloud, with the keys of its generic template
/// (https://github.com/grafana/k6-docs, "Send notifications"). What Runbell does not know is null.
struct K6CloudFormat {
    private let notice: Notice

    init(_ notice: Notice) {
        self.notice = notice
    }

    var content: WebHookFormat.Content {
        WebHookFormat.Content(
            [
                ("Content-Type", "application/json"), ("User-Agent", "K6CloudWebHook"),
                ("X-k6cloud-ID", notice.deliveryID.text), ("X-k6cloud-Event", event),
            ],
            [
                "text": .string(text), "test_run": testRun, "event": .string(event),
                "color": .string(result == .failed ? "red" : "green"),
            ])
    }

    /// Nobody says whether a run was scheduled, so all count as started by hand.
    private var event: String {
        switch notice.content {
        case .testStarted: "test.started.manual"
        case .testFinished(let run): "test.finished.\(Self.ending(run.status))"
        case .testNotificationChannel, .messagePosted, .channelAlert, .unreadable: notice.content.type.rawValue
        }
    }

    private var result: K6CloudResult? {
        if case .testFinished(let run) = notice.content { K6CloudResult(run.status) } else { nil }
    }

    private var text: String {
        guard let run = notice.content.run else {
            return "\(notice.content.headline): \(notice.content.explanation)"
        }
        return "\(notice.content.headline): \(DisplayText.cut(run.displayName, to: 1000))"
    }

    private var testRun: JSONValue {
        guard let run = notice.content.run else { return .null }
        let status = K6CloudStatus(run.status)
        let time = JSONValue(notice.deliveryID.time)
        let hasStarted = notice.content.type == .testStarted
        return [
            "name": .string(run.name), "id": JSONValue(run.id), "link": JSONValue(notice.runLink),
            "load_test_id": JSONValue(run.loadTestID), "load_test_link": .null,
            "project_id": JSONValue(run.projectID), "organization_id": JSONValue(run.organizationID),
            "user_id": JSONValue(run.userID), "user_name": JSONValue(run.userName), "user_avatar": .null,
            "was_scheduled": "no",
            "test_started": hasStarted ? time : .null, "test_ended": hasStarted ? .null : time,
            "status": .integer(status.rawValue), "status_text": .string(status.text),
            "result": JSONValue(result?.rawValue), "result_text": JSONValue(result?.text),
        ]
    }

    /// The last part of an event's identifier.
    private static func ending(_ status: TestStatus) -> String {
        switch K6CloudStatus(status) {
        case .timedOut: "timed_out"
        case .abortedByUser: "aborted_user"
        case .abortedBySystem: "aborted_system"
        case .abortedByScriptError: "aborted_script_error"
        case .abortedByThreshold: "aborted_threshold"
        case .abortedByLimit: "aborted_limit"
        case .created, .validated, .queued, .initializing, .running, .finished:
            K6CloudResult(status) == .failed ? "failed" : status == .finished ? "success" : "finished"
        }
    }
}
