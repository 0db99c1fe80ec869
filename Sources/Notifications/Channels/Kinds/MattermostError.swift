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

    /// Newer servers put this around most errors, whose own ID is only in their log
    /// (https://github.com/mattermost/mattermost/blob/master/server/channels/web/webhook.go). As a 400 it stands for a webhook
    /// that is not there, or a message without text, and ours have some.
    static let general = "web.incoming_webhook.general.app_error"

    static let unexplained = Finding(
        "mattermost.invalid_webhook",
        "Mattermost could not handle the message and does not say why. Most likely the webhook was removed: create a new one "
            + "and save its URL.")

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
                "web.incoming_webhook.decode.app_error", "invalid_payload", .refused,
                "it could not read this message. \(ErrorTable.report)"),
            .init(
                "web.incoming_webhook.text.app_error", "no_text", .refused,
                "the message has no text. \(ErrorTable.report)"),
        ])
}
