import Notifications

extension Organization {
    var json: JSONValue {
        [
            "id": JSONValue(id),
            "name": .string(name),
            "run_link_template": JSONValue(runLinkTemplate?.text),
            "fallback_channel_id": JSONValue(fallbackChannelID),
            "retention_days": .integer(retentionDays),
            "audit_retention_days": .integer(auditRetentionDays),
            "created_at": JSONValue(createdAt),
        ]
    }
}

extension Member {
    var json: JSONValue {
        [
            "organization_id": JSONValue(organizationID),
            "user_id": JSONValue(userID),
            "role": .string(role.rawValue),
            "created_at": JSONValue(createdAt),
        ]
    }
}
