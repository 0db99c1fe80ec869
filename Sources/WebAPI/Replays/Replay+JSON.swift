import Notifications
import Repository

extension Replay {
    var json: JSONObject {
        var object = JSONObject()
        object["id"] = JSONValue(id)
        object["organization_id"] = JSONValue(organizationID)
        object["channel_id"] = JSONValue(request.channelID)
        object["since"] = JSONValue(request.since)
        object["until"] = JSONValue(request.until)
        object["states"] = .array(request.selection.map { .string($0.rawValue) })
        object["per_minute"] = .integer(Int64(perMinute))
        object["state"] = .string(state.rawValue)
        object["total"] = .integer(total)
        object["requeued"] = .integer(requeued)
        object["skipped"] = .integer(skipped)
        object["actor"] = .string(actor)
        object["started_at"] = JSONValue(createdAt)
        object["updated_at"] = JSONValue(updatedAt)
        object["finished_at"] = JSONValue(finishedAt)
        return object
    }
}

extension ReplayPlan {
    var json: JSONValue {
        [
            "count": .integer(count), "oldest": JSONValue(oldest), "newest": JSONValue(newest),
            "per_minute": .integer(Int64(perMinute)), "expected_seconds": .number(duration.milliseconds / 1000),
            "states": .object(
                JSONObject(ReplaySelection.allCases.map { .init(key: $0.rawValue, value: .integer(counts[$0] ?? 0)) })),
        ]
    }
}
