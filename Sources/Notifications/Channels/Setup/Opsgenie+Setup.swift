extension Opsgenie {
    package var setup: SetupGuide {
        SetupGuide(
            "In Opsgenie, open the team, then Integrations.",
            "Add an API integration that may create and update alerts, and copy its API key, which is secret.",
            "Enter the key here. For an account in the EU, enter the server https://api.eu.opsgenie.com too.",
            "Press Test Hook, and save.",
            drawing: SetupDrawing(
                "Opsgenie: the team", menu: [.text("Members"), .text("Integrations", 1)],
                [
                    .button("Add integration", 2), .text("API", 2), .text("Create and Update Access", 2),
                    .field("API Key", 2),
                ]))
    }
}
