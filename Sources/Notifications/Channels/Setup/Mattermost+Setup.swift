extension Mattermost {
    package var setup: SetupGuide {
        SetupGuide(
            "In Mattermost, open Integrations, then Incoming Webhooks. An administrator may have to enable them.",
            "Add one for the channel, and copy its URL. The end of its path is secret.",
            "Paste it here, press Test Hook, and save.",
            drawing: SetupDrawing(
                "Mattermost: product menu", menu: [.text("Channels"), .text("Integrations", 1)],
                [
                    .text("Incoming Webhooks", 1), .button("Add Incoming Webhook", 2), .field("Channel", 2),
                    .field("URL", 2),
                ]))
    }
}
