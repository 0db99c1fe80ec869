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
