extension Email {
    package var setup: SetupGuide {
        SetupGuide(
            "Choose mailboxes: one of the team, or people's own.",
            "Enter them here as the recipients, save, and press Test Hook: each gets one mail that asks for consent.",
            "Each recipient presses Confirm on the page that the mail links to. Nothing else is sent there before.",
            drawing: SetupDrawing(
                "The mailbox", menu: [.text("Inbox", 2), .text("Sent")],
                [
                    .text("Runbell: confirm this address", 2), .text("https://…/mail/…", 3), .button("Confirm", 3),
                ]))
    }
}
