import HTTPTypes
import Notifications

extension APIDescription {
    static let organizations = Section(
        tag: "Organizations", text: "The tenants.",
        operations: [
            Operation(
                method: .get, path: "/v1/organizations", id: "listOrganizations",
                summary: "List all organizations, by number", access: .holder(of: .operate), query: Parameter.page,
                answers: [.ok(.page(of: organization))]),
            Operation(
                method: .put, path: "/v1/organizations/:organization", id: "saveOrganization",
                summary: "Create or rename an organization", access: .holder(of: .operate),
                body: .json(
                    .body(
                        ["name": name, "owner_user_id": .number],
                        optional: ["run_link_template": runLinkTemplate.orNull])),
                answers: [.created(organization), .ok(organization, "It already existed.")]),
            Operation(
                method: .get, path: "/v1/organizations/:organization", id: "showOrganization",
                summary: "Show an organization", access: .holder(of: .readOrganization), answers: [.ok(organization)]),
            Operation(
                method: .patch, path: "/v1/organizations/:organization", id: "changeOrganization",
                summary: "Change an organization; omitted fields are kept", access: .holder(of: .administer),
                body: .json(
                    Schema.body(
                        [:],
                        optional: [
                            "name": name, "run_link_template": runLinkTemplate.orNull,
                            "fallback_channel_id": fallback.orNull, "retention_days": retentionDays,
                            "audit_retention_days": auditRetentionDays,
                        ]
                    ).with("minProperties", 1)),
                answers: [.ok(organization)]),
        ],
        schemas: [
            "Organization": .object([
                "id": .number, "name": .text, "run_link_template": Schema.text.orNull,
                "fallback_channel_id": fallback.orNull, "retention_days": retentionDays,
                "audit_retention_days": auditRetentionDays, "created_at": .time,
            ])
        ])

    private static let organization = Schema.named("Organization")
    private static let name = Schema.visible(bytes: 200)
    private static let fallback = Schema.id.described("The channel that is notified when another one fails.")
    private static let retentionDays = Schema.count(in: Organization.retentionDaysAllowed)
        .described("How many days to keep events, with their deliveries and attempts.")
    private static let auditRetentionDays = Schema.count(in: Organization.auditRetentionDaysAllowed)
        .described("How many days to keep audit entries.")
    private static let runLinkTemplate = Schema.text.with("minLength", 8).with("maxLength", 1000)
        .with("pattern", "^https?://[!-~]+$")
        .described(
            "A run's page, a URL. Placeholders: \(RunLinkTemplate.names.map { "{\($0)}" }.joined(separator: ", ")). "
                + "Null removes it.")
}
