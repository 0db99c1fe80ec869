extension Matrix {
    package var setup: SetupGuide {
        SetupGuide(
            "Make an account for Runbell on your homeserver, invite it to the room, and accept the invitation.",
            "Log in with it once and copy its access token, which is secret. Do not log that session out.",
            "Copy the internal room ID, which begins with !, from the room's settings.",
            "Enter the homeserver's address, the token and the room ID here, press Test Hook, and save.",
            drawing: SetupDrawing(
                "Element: settings", menu: [.text("Account"), .text("Help & About", 2), .text("Room: Advanced", 3)],
                [
                    .field("Access token", 2), .field("Internal room ID !…", 3),
                ]))
    }
}
