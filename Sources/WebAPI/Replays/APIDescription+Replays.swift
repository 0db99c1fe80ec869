import HTTPTypes
import Notifications
import Repository

extension APIDescription {
    static let replays = Section(
        tag: "Replays", text: "Resending to a channel what it missed, at a limited rate.",
        operations: [
            Operation(
                method: .post, path: "/v1/organizations/:organization/replays", id: "startReplay",
                summary: "Start a replay, or preview what it would send", access: .holder(of: .administer),
                body: .json(.named("ReplayDraft")),
                answers: [
                    .ok(.named("ReplayPlan"), "With dry_run: what would be sent."),
                    .accepted(.named("Replay"), "Started.", headers: [.location]),
                ], refusals: [.conflict]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/replays", id: "listReplays",
                summary: "List the replays, newest first", access: .holder(of: .administer), query: Parameter.page,
                answers: [.ok(.page(of: .named("Replay")))]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/replays/:replay", id: "showReplay",
                summary: "Show a replay and the states of its deliveries", access: .holder(of: .administer),
                answers: [.ok(replay.adding(["deliveries": .named("DeliveryCounts")]))]),
            steering(.pause, "Pause a replay: queue nothing more until it is resumed"),
            steering(.resume, "Resume a paused replay"),
            steering(.cancel, "Cancel a replay; what is already queued stays queued"),
        ],
        schemas: [
            "ReplayDraft": .body(
                ["channel_id": .id, "since": .givenTime, "states": .set(of: selection, atMost: 5)],
                optional: ["until": Schema.givenTime.orNull, "per_minute": rate.orNull, "dry_run": .flag]),
            "ReplayPlan": .object([
                "count": .count, "oldest": Schema.time.orNull, "newest": Schema.time.orNull, "per_minute": rate,
                "expected_seconds": Schema(["type": "number", "minimum": 0]),
                "states": .object([
                    "failed": .count, "cancelled": .count, "skipped": .count, "delivered": .count, "missing": .count,
                ]),
            ]),
            "Replay": replay,
        ])

    private static let selection = Schema.word(ReplaySelection.self)
    private static let rate = Schema.count(in: ReplayRequest.ratesAllowed).described("Deliveries per minute.")

    private static let replay = Schema.object([
        "id": .id, "organization_id": .number, "channel_id": .id, "since": .time, "until": .time,
        "states": .list(of: selection), "per_minute": rate, "state": .word(ReplayState.self), "total": .count,
        "requeued": .count, "skipped": .count, "actor": .text, "started_at": .time, "updated_at": .time,
        "finished_at": Schema.time.orNull,
    ])

    private static func steering(_ step: ReplayStep, _ summary: String) -> Operation {
        Operation(
            method: .post, path: "/v1/organizations/:organization/replays/:replay/\(step.rawValue)",
            id: "\(step.rawValue)Replay", summary: summary, access: .holder(of: .administer), body: .nothing,
            answers: [.ok(.named("Replay"))], refusals: [.conflict])
    }
}
