extension ChannelSettings {
    /// Reads settings and validates them against a kind's fields.
    package init(
        reading value: JSONValue, fields: [Field], policy: EgressPolicy, saved: ChannelSettings?, path: String
    ) throws(InvalidInput) {
        var reader = FieldReader(value, path: path)
        let isElsewhere = saved.map { Self.leadsElsewhere(value, fields, from: $0) } ?? false
        var settings = JSONObject()
        for field in fields {
            settings[field.key] = Self.value(of: field, &reader, policy: policy, saved: saved, isElsewhere: isElsewhere)
        }
        try reader.finish()
        self.init(settings)
    }

    /// Whether an address leads to another host than the saved one. A secret that is kept must only go where it was
    /// saved to go: whoever changes a channel need not know its token, and must not be able to have it sent to
    /// themselves.
    private static func leadsElsewhere(
        _ value: JSONValue, _ fields: [Field], from saved: ChannelSettings
    ) -> Bool {
        fields.contains { field in
            guard case .url = field.type, let given = value[field.key]?.string ?? field.standard else { return false }
            guard let kept = saved.text(field.key) ?? field.standard else { return true }
            guard .string(given) != field.masked(.string(kept)), let old = try? OutboundURL(parsing: kept),
                let new = try? OutboundURL(parsing: given)
            else { return false }
            return (old.scheme, old.host, old.port) != (new.scheme, new.host, new.port)
        }
    }

    private static func value(
        of field: Field, _ reader: inout FieldReader, policy: EgressPolicy, saved: ChannelSettings?, isElsewhere: Bool
    ) -> JSONValue? {
        let kept = saved?[field.key]
        let given = reader.value(field.key)
        if field.isSecret, let kept, given == nil || given == field.masked(kept) {
            guard isElsewhere, field.type.staysAtHost else { return kept }
            return reader.reject(
                field.key, "The address has a different host, so this must be entered again.")
        }
        let need: FieldReader.Need = field.isRequired ? .required : .orNull
        switch field.type {
        case .url(let rule):
            guard let text = reader.text(field.key, need, bytes: OutboundURL.lengthLimit) ?? field.standard else {
                return nil
            }
            let isEdited = field.isSecret && kept != nil && text.holdsBytes(of: Masking.whole)
            let error = isEdited ? editedMask : policy.error(in: text, rule: rule)
            if let error { reader.reject(field.key, error) as Void? }
            return .string(text)
        case .text(let bytes):
            guard let text = reader.text(field.key, need, bytes: bytes) ?? field.standard else { return nil }
            let error = field.rule.error(text) ?? (field.isSecret ? Masking.error(text) : nil)
            return error.map { reader.reject(field.key, $0) } ?? .string(text)
        case .lines(let bytes), .privateKey(let bytes): return lines(of: field.key, &reader, need, bytes: bytes)
        case .bool: return reader.bool(field.key, need).map(JSONValue.bool)
        case .choice(let choices):
            guard let text = reader.text(field.key, need, bytes: 64) else { return nil }
            guard choices.contains(where: text.sameBytes) else {
                return reader.reject(field.key, "Must be one of \(choices.joined(separator: ", ")).")
            }
            return .string(text)
        case .signingSecret: return signingSecret(of: field.key, &reader)
        }
    }

    private static func signingSecret(of key: String, _ reader: inout FieldReader) -> JSONValue? {
        guard let text = reader.text(key, .orNull, bytes: 128) else { return nil }
        guard SigningSecret(text) != nil else {
            return reader.reject(
                key, "Must be whsec_ and 24 to 64 random bytes in Base64. Omit it to have one generated.")
        }
        return .string(text)
    }

    /// For what is shown of a saved address, with a change in it.
    private static let editedMask = "Part of this address is masked. Enter the whole address."

    /// Lines end with a line feed; a form sends a carriage return before it, which is dropped.
    private static func lines(
        of key: String, _ reader: inout FieldReader, _ need: FieldReader.Need, bytes: Int
    ) -> JSONValue? {
        guard let text = reader.text(key, need, bytes: bytes, controls: .taken) else { return nil }
        let lines = text.replacingBytes(of: "\r\n", with: "\n")
        let plain = lines.utf8.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t") ? UInt8(ascii: " ") : $0 }
        if let message = LineText.error(in: String(decoding: plain, as: UTF8.self), bytes: bytes) {
            return reader.reject(key, message)
        }
        return .string(lines)
    }
}

extension Field {
    /// Masks a value: of a secret address the host stays visible, of other secrets at most the last four characters, of private
    /// keys nothing.
    package func masked(_ value: JSONValue) -> JSONValue {
        guard isSecret, let text = value.string else { return value }
        switch type {
        case .url: return .string(OutboundURL.masked(text))
        case .privateKey: return .string(Masking.whole)
        default: return .string(Masking.tail(of: text))
        }
    }
}

extension ChannelSettings {
    /// The settings with secrets masked; empty if the kind is unknown.
    package func masked(by kind: (any ChannelKind)?) -> JSONObject {
        guard let kind else { return JSONObject() }
        var shown = JSONObject()
        for field in kind.fields {
            if let value = self[field.key] { shown[field.key] = field.masked(value) }
        }
        return shown
    }
}
