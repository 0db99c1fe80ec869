extension PagerDuty {
    package var setup: SetupGuide {
        SetupGuide(
            "In PagerDuty, open the service, then Integrations.",
            "Add Events API v2, and copy its integration key, which is secret.",
            "Enter the key here. For an account in the EU, enter the server https://events.eu.pagerduty.com too.",
            "Press Test Hook, and save.",
            drawing: SetupDrawing(
                "PagerDuty: the service", menu: [.text("Activity"), .text("Integrations", 1)],
                [
                    .button("Add another integration", 2), .text("Events API v2", 2), .field("Integration Key", 2),
                ]))
    }
}
