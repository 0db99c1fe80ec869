extension Discord {
    package var setup: SetupGuide {
        SetupGuide(
            "In Discord, open the channel's settings, then Integrations.",
            "Choose Webhooks, make one, and press Copy Webhook URL. Its last part is secret.",
            "Paste it here, press Test Hook, and save.",
            drawing: SetupDrawing(
                "Discord: settings of the channel",
                menu: [.text("Overview"), .text("Permissions"), .text("Integrations", 1)],
                [
                    .text("Webhooks", 2), .button("New Webhook", 2), .button("Copy Webhook URL", 2),
                ]))
    }
}
