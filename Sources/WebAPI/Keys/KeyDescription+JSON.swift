import Notifications

extension KeyDescription {
    /// Without the key itself. Either `user_id` or `scopes` is null: the key belongs to a service or to a user.
    var json: JSONObject {
        var object = JSONObject()
        object["id"] = JSONValue(id)
        object["organization_id"] = JSONValue(organizationID)
        object["name"] = .string(name)
        object["prefix"] = .string(prefix)
        switch holder {
        case .user(let user):
            object["user_id"] = JSONValue(user)
            object["scopes"] = .null
        case .service(let scopes):
            object["user_id"] = .null
            object["scopes"] = .array(scopes.map { .string($0.rawValue) })
        }
        object["default_project_id"] = JSONValue(defaults.projectID)
        object["default_user_id"] = JSONValue(defaults.userID)
        object["expires_at"] = JSONValue(expiresAt)
        object["created_at"] = JSONValue(createdAt)
        return object
    }
}
