import HTTPTypes
import Notifications

extension APIDescription {
    static let deliveries = Section(
        tag: "Deliveries", text: "Events on their way to channels.",
        operations: [
            Operation(
                method: .get, path: "/v1/organizations/:organization/deliveries", id: "listDeliveries",
                summary: "List the deliveries, newest first", access: .holder(of: .read),
                query: Parameter.page + [
                    .query("state", "Deliveries in this state.", .word(DeliveryState.self)),
                    .query("channel_id", "Deliveries to this channel.", .id),
                    .query("event_id", "Deliveries of this event.", .id),
                ] + Parameter.span,
                answers: [.ok(.page(of: .named("Delivery")))]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/deliveries/:delivery", id: "showDelivery",
                summary: "Show a delivery and its attempts", access: .holder(of: .read),
                answers: [.ok(delivery.adding(["attempts": .list(of: .named("Attempt"))])).like(Example.delivery)]),
            Operation(
                method: .post, path: "/v1/organizations/:organization/deliveries/:delivery/retry", id: "retryDelivery",
                summary: "Retry a delivery now", access: .holder(of: .administer),
                text: "Its retry schedule restarts.", body: .nothing,
                answers: [.accepted(.named("Delivery"), "Queued.")], refusals: [.conflict]),
        ],
        schemas: [
            "Delivery": delivery,
            "Attempt": .object([
                "number": .ordinal, "started_at": .time, "duration_ms": .milliseconds, "verdict": .text,
                "finding": Schema.named("Finding").orNull, "status": Schema.count.orNull, "address": Schema.text.orNull,
                "answer": Schema.text.orNull,
            ]),
        ])

    private static let delivery = Schema.object([
        "id": .id, "organization_id": .number, "event_id": .id, "channel_id": .id, "state": .word(DeliveryState.self),
        "reason": Schema.text.orNull, "attempt_count": .count, "due_at": Schema.time.orNull, "created_at": .time,
        "updated_at": .time,
    ])
}
