/// Interprets Mattermost's errors, which have the ID of a text of the server
/// (https://github.com/mattermost/mattermost/blob/master/server/i18n/en.json).
enum MattermostError {
    static let forbidden = Finding(
        "mattermost.forbidden",
        "The webhook may not post to its channel, or the user who made it was deactivated. "
            + "Create a new webhook and save its URL.")

    static let channelNotFound = Finding(
        "mattermost.channel_not_found", "The webhook's channel no longer exists. Save the URL of another webhook.")

    static let switchedOff = Finding(
        "mattermost.switched_off",
        "Incoming webhooks are switched off on this server. Ask its administrator, and enable this channel again.")

    /// A wrong webhook is a 400, not a 404.
    static let table = ErrorTable(
        kind: "mattermost", service: "Mattermost",
        rows: [
            .init(
                "web.incoming_webhook.invalid.app_error", "invalid_webhook", .gone,
                "the webhook was removed. Create a new one and save its URL."),
            .init(
                "web.incoming_webhook.parse.app_error", "invalid_payload", .refused,
                "it could not read this message. \(ErrorTable.report)"),
            .init(
                "web.incoming_webhook.text.app_error", "no_text", .refused,
                "the message has no text. \(ErrorTable.report)"),
        ])
}
