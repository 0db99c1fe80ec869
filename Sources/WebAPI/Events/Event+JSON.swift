import Notifications
import Repository

extension Event {
    var json: JSONObject {
        var object = JSONObject()
        object["id"] = JSONValue(id)
        object["organization_id"] = JSONValue(organizationID)
        object["sequence"] = .integer(sequence)
        object["type"] = .string(content.type.rawValue)
        object["received_at"] = JSONValue(receivedAt)
        object["content"] = content.json
        object["user_name"] = JSONValue(content.run?.userName)
        return object
    }
}

extension ChannelOutcome {
    var json: JSONValue {
        [
            "channel_id": JSONValue(channelID),
            "channel_name": .string(channelName),
            "kind": .string(kind),
            "delivery_id": JSONValue(deliveryID),
            "state": .string(state?.rawValue ?? "none"),
            "reason": JSONValue(reason),
            "text": .string(text),
        ]
    }
}

extension FollowedDelivery {
    /// The channel alone.
    var name: JSONValue { ["channel_name": .string(channelName), "kind": .string(kind)] }

    var json: JSONValue {
        [
            "channel_name": .string(channelName), "kind": .string(kind), "state": .string(state.rawValue),
            "attempts": .integer(Int64(attempts)), "paused": .bool(isHeld),
        ]
    }
}

extension Acceptance {
    var json: JSONObject {
        var object = JSONObject()
        object["id"] = JSONValue(eventID)
        object["deliveries"] = ["due": .integer(Int64(due)), "skipped": .integer(Int64(skipped))]
        return object
    }
}
