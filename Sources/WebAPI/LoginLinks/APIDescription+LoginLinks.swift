import HTTPTypes
import Notifications

extension APIDescription {
    static let loginLinks = Section(
        tag: "Login links", text: "One-time links that sign a member in to the pages.",
        operations: [
            Operation(
                method: .post, path: "/v1/organizations/:organization/login-links", id: "createLoginLink",
                summary: "Create a one-time sign-in link, valid for 15 minutes", access: .holder(of: .operate),
                body: .json(.body(["user_id": .number])), answers: [.createdOnce(.named("LoginLink"))])
        ],
        schemas: [
            "LoginLink": .object([
                "path": Schema.text.with("pattern", "^/login/[0-9a-f]{64}$").described("Shown only this once."),
                "url": Schema.text.orNull.described(
                    "The whole URL, when RUNBELL_PUBLIC_URL is set."),
                "expires_at": .time,
            ])
        ])
}
