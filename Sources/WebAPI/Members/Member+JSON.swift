import Notifications

extension Member {
    var json: JSONValue {
        [
            "organization_id": JSONValue(organizationID),
            "user_id": JSONValue(userID),
            "role": .string(role.rawValue),
            "display_name": JSONValue(profile.name),
            "email": JSONValue(profile.email?.text),
            "created_at": JSONValue(createdAt),
        ]
    }
}
