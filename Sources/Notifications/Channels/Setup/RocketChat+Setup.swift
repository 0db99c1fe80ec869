extension RocketChat {
    package var setup: SetupGuide {
        SetupGuide(
            "In Rocket.Chat, an administrator opens Workspace, then Integrations.",
            "Add an incoming one for the channel, enable it, and save it.",
            "Copy the Webhook URL. Its last part is secret.",
            "Paste it here, press Test Hook, and save.",
            drawing: SetupDrawing(
                "Rocket.Chat: Workspace", menu: [.text("Rooms"), .text("Users"), .text("Integrations", 1)],
                [
                    .text("New: Incoming", 2), .text("Enabled", 2), .field("Post to Channel", 2),
                    .field("Webhook URL", 3),
                ]))
    }
}
