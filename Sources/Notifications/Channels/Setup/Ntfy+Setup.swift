extension Ntfy {
    package var setup: SetupGuide {
        SetupGuide(
            "Choose a topic that nobody can guess: on a public server, everybody who knows it can read it.",
            "Subscribe to it in the ntfy app.",
            "Enter the topic here; for your own server its address, and for a protected topic an access token.",
            "Press Test Hook, and save.",
            drawing: SetupDrawing(
                "ntfy: the app", menu: [.text("All notifications"), .text("Settings")],
                [
                    .button("Subscribe to topic", 2), .field("Topic name", 1), .field("Use another server", 3),
                ]))
    }
}
