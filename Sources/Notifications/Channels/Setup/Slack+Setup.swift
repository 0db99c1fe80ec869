extension Slack {
    package var setup: SetupGuide {
        SetupGuide(
            "In Slack, open the channel's details, then Integrations, and add the app Incoming WebHooks.",
            "Copy the Webhook URL that it shows. The whole path is secret.",
            "Paste it here as the Webhook URL, press Test Hook, and save.",
            drawing: SetupDrawing(
                "Slack: details of the channel", menu: [.text("About"), .text("Members"), .text("Integrations", 1)],
                [
                    .button("Add an app", 1), .text("Incoming WebHooks"), .field("Webhook URL", 2),
                    .button("Copy URL", 2),
                ]))
    }
}
