extension GitLab {
    package var setup: SetupGuide {
        SetupGuide(
            "In GitLab, open the project's Settings, then Access tokens.",
            "Add one with the role Developer and the scope api. It is secret.",
            "Enter the token here, and the project: its whole path, such as acme/web/shop, or its number.",
            "Save. Runs whose events name their commit, as runbell watch does in CI, then set its status.",
            drawing: SetupDrawing(
                "GitLab: Settings of the project",
                menu: [.text("General"), .text("Integrations"), .text("Access tokens", 1)],
                [
                    .button("Add new token", 2), .field("Role: Developer", 2), .field("Scope: api", 2),
                ]))
    }
}
