extension HipChat {
    package var setup: SetupGuide {
        SetupGuide(
            "In the room, open Integrations and choose Build your own integration.",
            "Copy the address that messages can be posted to. Its token is secret.",
            "Paste it here, press Test Hook, and save.",
            drawing: SetupDrawing(
                "HipChat: the room", menu: [.text("People"), .text("Files"), .text("Integrations", 1)],
                [
                    .button("Build your own integration", 1), .field("Send messages to this room by", 2),
                ]))
    }
}
