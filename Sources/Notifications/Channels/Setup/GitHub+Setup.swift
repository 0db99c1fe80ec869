extension GitHub {
    package var setup: SetupGuide {
        SetupGuide(
            "In GitHub, open Settings, Developer settings, then Fine-grained tokens.",
            "Generate one for the repository, with Commit statuses: Read and write. It is secret.",
            "Enter the token here, and the repository as acme/shop.",
            "Save. Runs whose events name their commit, as runbell watch does in CI, then set its status.",
            drawing: SetupDrawing(
                "GitHub: Developer settings",
                menu: [.text("GitHub Apps"), .text("OAuth Apps"), .text("Fine-grained tokens", 1)],
                [
                    .button("Generate new token", 2), .field("Repository access", 2),
                    .field("Commit statuses: Read and write", 2),
                ]))
    }
}
