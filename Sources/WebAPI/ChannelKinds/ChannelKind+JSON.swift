import Notifications

extension ChannelKind {
    var json: JSONValue {
        [
            "id": .string(id),
            "name": .string(name),
            "summary": .string(summary),
            "group": .string(group.rawValue),
            "mark": .string(mark),
            "fields": .array(fields.map(\.json)),
        ]
    }
}

extension Field {
    var json: JSONValue {
        var object = JSONObject()
        object["key"] = .string(key)
        object["label"] = .string(label)
        object["type"] = .string(type.word)
        object["required"] = .bool(isRequired)
        object["secret"] = .bool(isSecret)
        object["help"] = .string(help)
        object["example"] = example.isEmpty ? .null : .string(example)
        switch type {
        case .text(let bytes), .lines(let bytes), .privateKey(let bytes): object["max_bytes"] = .integer(Int64(bytes))
        case .choice(let choices): object["choices"] = .array(choices.map(JSONValue.string))
        case .url: object["max_bytes"] = .integer(Int64(OutboundURL.lengthLimit))
        case .bool, .signingSecret: break
        }
        return .object(object)
    }
}
