import HTTPTypes
import Hummingbird
import Notifications
import Repository
import WebServing

extension Notifications.Channel {
    /// The public form, with secrets masked.
    var json: JSONObject {
        var object = JSONObject()
        object["id"] = JSONValue(id)
        object["organization_id"] = JSONValue(organizationID)
        object["kind"] = .string(kind)
        object["name"] = .string(name)
        object["settings"] = .object(shownSettings)
        object["subscription"] = subscription.json
        object["max_per_minute"] = JSONValue(maxPerMinute.map(Int64.init))
        object["enabled"] = .bool(state != .disabled)
        object["state"] = .string(state.rawValue)
        object["disabled_reason"] = JSONValue(disabledReason)
        object["ended"] = JSONValue(knownKind?.end(of: settings))
        object["pending"] = JSONValue(knownKind?.pending(in: settings))
        object["certificates"] = .array(knownKind?.certificates(in: settings).map(\.json) ?? [])
        object["version"] = .integer(version)
        object["created_at"] = JSONValue(createdAt)
        object["updated_at"] = JSONValue(updatedAt)
        return object
    }

    /// The same with its receiver's health.
    func json(_ health: ReceiverHealth?) -> JSONObject {
        var object = json
        object["health"] = health?.json ?? .null
        return object
    }

    /// The signing secret, for the only time that it is shown; nil if the kind has none.
    private var signingSecret: String? {
        let field = knownKind?.fields.first { field in
            if case .signingSecret = field.type { true } else { false }
        }
        return field.flatMap { settings.text($0.key) }
    }

    var eTag: HTTPFields { [.eTag: "\"\(version)\""] }

    func response() -> Response {
        .json(.object(json), headers: eTag)
    }

    /// Of a new channel.
    func createdResponse() -> Response {
        var object = json
        if let signingSecret { object["signing_secret"] = .string(signingSecret) }
        var headers = eTag
        headers[.location] = "/v1/organizations/\(organizationID)/channels/\(id)"
        return .json(.object(object), status: .created, headers: headers)
    }
}

extension ChannelCertificate {
    fileprivate var json: JSONValue {
        [
            "setting": .string(field.key), "name": .string(certificate.name),
            "expires_at": JSONValue(certificate.expiresAt),
        ]
    }
}

extension ReceiverHealth {
    var json: JSONValue {
        [
            "last_success_at": JSONValue(lastSuccess), "failing_since": JSONValue(failingSince),
            "finding": finding?.json ?? .null, "circuit": circuit?.json ?? .null, "hold": hold?.json ?? .null,
        ]
    }
}

extension ReceiverHealth.Circuit {
    fileprivate var json: JSONValue {
        ["open_since": JSONValue(openSince), "next_probe_at": JSONValue(nextProbeAt)]
    }
}

extension ReceiverHealth.Hold {
    fileprivate var json: JSONValue { ["until": JSONValue(until), "finding": finding?.json ?? .null] }
}

extension ChannelRevision {
    var json: JSONValue {
        [
            "version": .integer(channel.version), "actor": .string(actor), "at": JSONValue(at),
            "channel": .object(channel.json),
        ]
    }
}
