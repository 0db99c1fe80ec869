import HTTPTypes
import Notifications

extension APIDescription {
    static let members = Section(
        tag: "Members", text: "An organization's users and their roles.",
        operations: [
            Operation(
                method: .get, path: "/v1/organizations/:organization/members", id: "listMembers",
                summary: "List the members", access: .holder(of: .administer), query: Parameter.page,
                answers: [.ok(.page(of: member))]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/members/:user", id: "showMember",
                summary: "Show a member", access: .holder(of: .administer), answers: [.ok(member)]),
            Operation(
                method: .put, path: "/v1/organizations/:organization/members/:user", id: "saveMember",
                summary: "Add a member, or change a member's role", access: .holder(of: .administer),
                body: .json(
                    .body(
                        ["role": .word(Role.self)],
                        optional: [
                            "display_name": Schema.visible(bytes: MemberProfile.nameBytes).orNull,
                            "email": Schema.text.with("maxLength", 254).with("format", "email").orNull,
                        ])),
                answers: [.created(member), .ok(member, "The user was already a member.")], refusals: [.conflict]),
            Operation(
                method: .delete, path: "/v1/organizations/:organization/members/:user", id: "removeMember",
                summary: "Remove a member", access: .holder(of: .administer), answers: [.removed], refusals: [.conflict]
            ),
        ],
        schemas: [
            "Member": .object([
                "organization_id": .number, "user_id": .number, "role": .word(Role.self),
                "display_name": Schema.text.orNull.described("Shown in messages and on pages."),
                "email": Schema.text.orNull.described("Only owners and admins see it."), "created_at": .time,
            ])
        ])

    private static let member = Schema.named("Member")
}
