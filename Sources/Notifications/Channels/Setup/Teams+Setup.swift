extension Teams {
    package var setup: SetupGuide {
        SetupGuide(
            "In Teams, open the channel's menu (…) and choose Workflows.",
            "Add Send webhook alerts to a channel, and let Anyone trigger the flow.",
            "Copy the URL that it shows at the end; it ends in &sig=…, which is its secret.",
            "Paste it here, press Test Hook, and save.",
            drawing: SetupDrawing(
                "Teams: menu of the channel", menu: [.text("Manage channel"), .text("Workflows", 1)],
                [
                    .text("Send webhook alerts to a channel", 2), .field("Who can trigger the flow: Anyone", 2),
                    .field("URL", 3), .button("Copy", 3),
                ]))
    }
}
