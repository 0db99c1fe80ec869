extension WebHook {
    package var setup: SetupGuide {
        SetupGuide(
            "Give your service an address that takes a POST with a JSON body and answers with 200 to 299.",
            "Enter the address here, press Test Hook, and save.",
            "Copy the signing secret, which is shown once, to your service, and verify each request with it.",
            drawing: SetupDrawing(
                "Your service", menu: [.text("Settings", 1)],
                [
                    .field("POST /load-tests", 1), .field("Signing secret", 3),
                    .text("webhook-id, webhook-signature", 3), .button("Answer 204", 1),
                ]))
    }
}
