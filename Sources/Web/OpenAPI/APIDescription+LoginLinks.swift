import HTTPTypes
import Notifications

extension APIDescription {
    static let loginLinks = Section(
        tag: "Login links", text: "Links that sign a member in to the pages, once.",
        operations: [
            Operation(
                method: .post, path: "/v1/organizations/:organization/login-links", id: "makeLoginLink",
                summary: "Make a link that signs a member in once, within 15 minutes", access: .holder(of: .operate),
                body: .json(.body(["user_id": .number])), answers: [.created(.named("LoginLink"))])
        ],
        schemas: [
            "LoginLink": .object([
                "path": Schema.text.with("pattern", "^/login/[0-9a-f]{64}$").described("Shown this once."),
                "url": Schema.text.orNull.described(
                    "The whole address, when RUNBELL_PUBLIC_URL says where browsers are."),
                "expires_at": .time,
            ])
        ])
}
