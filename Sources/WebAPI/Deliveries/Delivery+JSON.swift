import Notifications

extension Delivery {
    var json: JSONObject {
        var object = JSONObject()
        object["id"] = JSONValue(id)
        object["organization_id"] = JSONValue(organizationID)
        object["event_id"] = JSONValue(eventID)
        object["channel_id"] = JSONValue(channelID)
        object["state"] = .string(state.rawValue)
        object["reason"] = JSONValue(reason)
        object["attempt_count"] = .integer(Int64(attempts))
        object["due_at"] = JSONValue(dueAt)
        object["created_at"] = JSONValue(createdAt)
        object["updated_at"] = JSONValue(updatedAt)
        return object
    }
}

extension Attempt {
    var json: JSONValue {
        [
            "number": .integer(Int64(number)),
            "started_at": JSONValue(startedAt),
            "duration_ms": .number(duration.milliseconds),
            "verdict": .string(verdict),
            "finding": finding?.json ?? .null,
            "status": JSONValue(status.map(Int64.init)),
            "address": JSONValue(address),
            "answer": JSONValue(answer.map { String(decoding: $0, as: UTF8.self) }),
        ]
    }
}

extension Finding {
    var json: JSONValue { ["code": .string(code), "text": .string(text)] }
}
