extension Zulip {
    package var setup: SetupGuide {
        SetupGuide(
            "In Zulip, open the personal settings, then Bots.",
            "Add a bot of the type Incoming webhook, and copy its email and its API key, which is secret.",
            "Enter both here, with the address of your Zulip and the channel, which the bot must be able to post to.",
            "Press Test Hook, and save.",
            drawing: SetupDrawing(
                "Zulip: personal settings", menu: [.text("Profile"), .text("Account"), .text("Bots", 1)],
                [
                    .button("Add a new bot", 2), .field("Type: Incoming webhook", 2), .field("Email", 2),
                    .field("API key", 2),
                ]))
    }
}
