extension GoogleChat {
    package var setup: SetupGuide {
        SetupGuide(
            "In Google Chat, open the space's menu and choose Apps & integrations. Personal accounts have none.",
            "Choose Add webhooks, name it, and copy its link. Key and token in it are secret.",
            "Paste it here, press Test Hook, and save.",
            drawing: SetupDrawing(
                "Google Chat: menu of the space", menu: [.text("Manage members"), .text("Apps & integrations", 1)],
                [
                    .button("Add webhooks", 2), .field("Name", 2), .button("Copy link", 2),
                ]))
    }
}
