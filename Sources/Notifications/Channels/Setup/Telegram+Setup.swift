extension Telegram {
    package var setup: SetupGuide {
        SetupGuide(
            "In Telegram, write /newbot to @BotFather and copy the token, which is secret.",
            "Add the bot to the group or channel; in a channel, as an administrator.",
            "Enter the token here, and the chat: the @name of a public channel, or the chat's number.",
            "Press Test Hook, and save.",
            drawing: SetupDrawing(
                "Telegram", menu: [.text("@BotFather", 1), .text("Your group", 2)],
                [
                    .text("/newbot", 1), .field("token 123456789:…", 1), .button("Add members: your bot", 2),
                    .field("chat @name or -100…", 3),
                ]))
    }
}
