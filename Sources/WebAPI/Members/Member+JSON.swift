import Notifications

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
