extension RunContext {
    /// A member for each field that has a value.
    var members: [JSONObject.Member] {
        let texts = Key.allCases.compactMap { key in
            self[key].map { JSONObject.Member(key: key.rawValue, value: .string($0)) }
        }
        return tags.isEmpty ? texts : texts + [.init(key: "tags", value: .array(tags.map(JSONValue.string)))]
    }

    /// Reads the fields, which may all be left out or null. Errors stay in the reader.
    init(_ fields: inout FieldReader) {
        self.init()
        for key in Key.allCases {
            guard let value = fields.value(key.rawValue), value != .null else { continue }
            self[key] = Self.text(key.rawValue, value, &fields) { Self.error(in: $0, of: key) }
        }
        let given = fields.array("tags", .orNull, atMost: Self.mostTags) ?? []
        tags = given.indices.compactMap { index in
            Self.text("tags[\(index)]", given[index], &fields, error: Self.error(inTag:))
        }
    }

    private static func text(
        _ name: String, _ value: JSONValue, _ fields: inout FieldReader, error: (String) -> String?
    ) -> String? {
        guard let text = value.string else { return fields.reject(name, "Must be a string.") }
        return error(text).map { fields.reject(name, $0) } ?? text
    }
}
