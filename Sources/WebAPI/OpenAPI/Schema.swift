import Notifications

/// A JSON Schema (2020-12), as used by OpenAPI 3.1.
struct Schema: Sendable {
    /// Names and their schemas, in display order.
    typealias Members = KeyValuePairs<String, Schema>

    private(set) var json: JSONObject

    init(_ json: JSONValue) {
        self.json = json.object ?? JSONObject()
    }

    var value: JSONValue { .object(json) }
}

extension Schema {
    /// A reference to a named schema (`APIDescription.schemas`).
    static func named(_ name: String) -> Schema { Schema(["$ref": .string(place(of: name))]) }

    static func place(of name: String) -> String { "#/components/schemas/\(name)" }

    /// An object in a response: its members are always present.
    static func object(_ members: Members) -> Schema { Schema(["type": "object"]).adding(members) }

    /// An object in a request: unknown members are refused.
    static func body(_ required: Members, optional: Members = [:]) -> Schema {
        let some = Schema(["type": "object"])
        return (required.isEmpty ? some : some.adding(required)).mayHave(optional).with("additionalProperties", false)
    }

    static func list(of item: Schema) -> Schema { Schema(["type": "array", "items": item.value]) }

    /// A list without duplicates, for requests.
    static func set(of item: Schema, atMost count: Int64) -> Schema {
        list(of: item).with("minItems", 1).with("maxItems", .integer(count)).with("uniqueItems", true)
    }

    /// The response to `GET` of a list.
    static func page(of item: Schema) -> Schema {
        object(["data": .list(of: item), "next_cursor": text.orNull])
    }

    static func one(of schemas: [Schema]) -> Schema { Schema(["oneOf": .array(schemas.map(\.value))]) }
}

extension Schema {
    func with(_ keyword: String, _ value: JSONValue) -> Schema {
        var schema = self
        schema.json[keyword] = value
        return schema
    }

    func described(_ text: String) -> Schema { with("description", .string(text)) }

    /// The same object with more members that are always present.
    func adding(_ members: Members) -> Schema {
        let required = (json["required"]?.array ?? []) + members.map { .string($0.key) }
        return with("required", .array(required)).mayHave(members)
    }

    /// The same object with optional members.
    func mayHave(_ members: Members) -> Schema {
        var properties = json["properties"]?.object ?? JSONObject()
        for (name, schema) in members { properties[name] = schema.value }
        return with("properties", .object(properties))
    }

    var orNull: Schema {
        if let type = json["type"], type.string != nil, json["enum"] == nil { return with("type", [type, "null"]) }
        return Schema(["anyOf": [value, ["type": "null"]]])
    }
}
