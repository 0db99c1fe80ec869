import HTTPTypes
import Hummingbird
import Notifications
import Repository

extension Notifications.Channel {
    /// As it may be shown: secrets masked.
    var json: JSONObject {
        var object = JSONObject()
        object["id"] = JSONValue(id)
        object["organization_id"] = JSONValue(organizationID)
        object["kind"] = .string(kind)
        object["name"] = .string(name)
        object["settings"] = .object(settings.masked(by: ChannelKinds.kind(kind)))
        object["subscription"] = subscription.json
        object["enabled"] = .bool(state != .disabled)
        object["state"] = .string(state.rawValue)
        object["disabled_reason"] = JSONValue(disabledReason)
        object["version"] = .integer(version)
        object["created_at"] = JSONValue(createdAt)
        object["updated_at"] = JSONValue(updatedAt)
        return object
    }

    /// The secret that the service signs with, for the one time when it is shown; nil when the kind has none.
    var signingSecret: String? {
        let field = ChannelKinds.kind(kind)?.fields.first { field in
            if case .signingSecret = field.type { true } else { false }
        }
        return field.flatMap { settings.text($0.key) }
    }

    var eTag: HTTPFields { [.eTag: "\"\(version)\""] }

    func response(status: HTTPResponse.Status = .ok) -> Response {
        .json(.object(json), status: status, headers: eTag)
    }
}

extension ChannelRevision {
    var json: JSONValue {
        [
            "version": .integer(channel.version), "actor": .string(actor), "at": JSONValue(at),
            "channel": .object(channel.json),
        ]
    }
}
