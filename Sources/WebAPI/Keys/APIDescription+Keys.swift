import HTTPTypes
import Notifications

extension APIDescription {
    static let keys = Section(
        tag: "Keys", text: "Personal keys, which act as their user, and service keys.",
        operations: [
            Operation(
                method: .get, path: "/v1/key", id: "showOwnKey", summary: "Show the key that the request is made with",
                access: .holder(of: .readOwnKey), answers: [.ok(.named("Key"))]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/keys", id: "listKeys", summary: "List the keys",
                access: .holder(of: .manageKeys), query: Parameter.page, answers: [.ok(.page(of: .named("Key")))]),
            Operation(
                method: .post, path: "/v1/organizations/:organization/keys", id: "createKey",
                summary: "Create a key", access: .holder(of: .manageKeys), text: "It is shown only this once.",
                body: .json(.one(of: [draftOfUser, draftOfService])),
                answers: [.createdOnce(.named("NewKey"))]),
            Operation(
                method: .delete, path: "/v1/organizations/:organization/keys/:key", id: "removeKey",
                summary: "Remove a key, which then stops working", access: .holder(of: .manageKeys),
                answers: [.removed]),
        ],
        schemas: [
            "Key": shown,
            "NewKey": shown.adding([
                "key": Schema.text.with("pattern", "^rb_[0-9A-Za-z]{61}$").described(
                    "The key itself, shown only this once.")
            ]),
        ])

    private static let shown = Schema.object([
        "id": .id, "organization_id": .number, "name": .text,
        "prefix": Schema.text.with("pattern", "^rb_[0-9A-Za-z]{12}$"), "user_id": Schema.number.orNull,
        "scopes": Schema.list(of: scope).orNull, "default_project_id": project,
        "default_user_id": user, "expires_at": Schema.time.orNull, "created_at": .time,
    ])

    private static let project = Schema.number.orNull.described(
        "The project of runs that are reported with this key. The sender applies it: runbell watch does.")
    private static let user = Schema.number.orNull.described("The user who starts those runs.")
    private static let scope = Schema.word(KeyScope.self)
    private static let name = Schema.visible(bytes: 200)
    private static let draftOfUser = Schema.body(
        ["name": name, "user_id": .number],
        optional: [
            "expires_at": Schema.givenTime.orNull, "scopes": .null, "default_project_id": .null,
            "default_user_id": .null,
        ])
    private static let draftOfService = Schema.body(
        ["name": name, "scopes": .set(of: scope, atMost: 16)],
        optional: [
            "expires_at": Schema.givenTime.orNull, "user_id": .null, "default_project_id": project,
            "default_user_id": user,
        ])
}
