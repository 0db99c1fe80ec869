/// Interprets the errors of Azure's workflows, as their users have observed them.
enum TeamsError {
    static let throttled = Finding("teams.throttled", "The workflow receives too many messages.")

    static let forbidden = Finding(
        "teams.forbidden", "The workflow refuses requests from outside: \(anyone)")

    static let table = ErrorTable(
        kind: "teams", service: "Microsoft Teams",
        rows: [
            .init(
                "WorkflowTriggerIsNotEnabled", "workflow_disabled", .gone,
                "the workflow is switched off or was deleted. Switch it on and enable this channel again, or save the "
                    + "address of a new one."),
            .init("WorkflowNotFound", "workflow_not_found", .gone, "the workflow was deleted. Save a new one's URL."),
            .init("DirectApiAuthorizationRequired", "authorization_required", .gone, anyone),
            .init("MisMatchingOAuthClaims", "tenant_only", .gone, anyone),
            .init(
                "MissingApiVersionParameter", "incomplete_address", .gone,
                "the address is not complete: it lacks api-version. Copy it again, as a whole."),
            .init(
                "DirectApiRequestHasMoreThanOneAuthorization", "two_authorizations", .refused,
                "the request has two authorizations. \(ErrorTable.report)"),
            .init(
                "TriggerInputSchemaMismatch", "schema_mismatch", .refused,
                "the workflow takes another message. Make it from the template \"Send webhook alerts to a channel\"."),
            .init(
                "InvalidTemplate", "invalid_template", .refused,
                "the workflow could not use this message. Make it from the template \"Send webhook alerts to a "
                    + "channel\"."),
        ])

    private static let anyone =
        "in the workflow's trigger, let Anyone trigger the flow, and copy its URL again."
}
