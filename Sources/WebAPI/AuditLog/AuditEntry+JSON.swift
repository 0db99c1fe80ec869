import Notifications

extension AuditEntry {
    /// `detail` is embedded as JSON, not as a string.
    var json: JSONValue {
        [
            "sequence": .integer(sequence),
            "at": JSONValue(at),
            "actor": .string(actor),
            "action": .string(action),
            "target": .string(target),
            "detail": shownDetail,
            "previous_hash": .string(previousHash),
            "hash": .string(hash),
            "key_id": JSONValue(origin?.keyID),
            "source": JSONValue(origin?.source),
            "mac": JSONValue(mac),
        ]
    }

    private var shownDetail: JSONValue {
        do {
            return try JSONValue.parse(detail.utf8)
        } catch {
            return .string(detail)
        }
    }
}

extension AuditCheckpoint {
    var json: JSONValue {
        [
            "organization_id": JSONValue(organizationID),
            "sequence": .integer(sequence),
            "hash": .string(hash),
            "at": JSONValue(at),
            "public_key": .string(publicKey),
            "signature": .string(signature),
        ]
    }
}
