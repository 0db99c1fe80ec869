/// Interprets the errors of Slack's methods `chat.postMessage` and `chat.update`
/// (https://docs.slack.dev/reference/methods/chat.postMessage#errors).
enum SlackBotError {
    static let table = ErrorTable(
        kind: "slack", service: "Slack",
        rows: [
            .init("invalid_auth", "invalid_auth", .gone, "the token is wrong. \(anotherToken)"),
            .init("not_authed", "not_authed", .gone, "the token is missing. \(anotherToken)"),
            .init("account_inactive", "account_inactive", .gone, "the bot was deleted. \(anotherToken)"),
            .init("token_revoked", "token_revoked", .gone, "the token was revoked. \(anotherToken)"),
            .init("token_expired", "token_expired", .gone, "the token has expired. \(anotherToken)"),
            .init("not_allowed_token_type", "not_allowed_token_type", .gone, "it takes another kind of token."),
            .init(
                "missing_scope", "missing_scope", .gone,
                "the app lacks the scope chat:write. Add it and install it again."),
            .init("no_permission", "no_permission", .gone, "the bot may not post to the channel. \(invite)"),
            .init("access_denied", "access_denied", .gone, "the bot may not post to the channel. \(invite)"),
            .init("ekm_access_denied", "ekm_access_denied", .gone, "administrators have suspended posting."),
            .init("team_access_not_granted", "team_access_not_granted", .gone, "the app may not use the workspace."),
            .init(
                "channel_not_found", "channel_not_found", .gone,
                "there is no such channel, or the bot cannot see it. \(invite)"),
            .init("not_in_channel", "not_in_channel", .gone, "the bot is not in the channel. \(invite)"),
            .init(
                "is_archived", "is_archived", .gone, "the channel is archived. Unarchive it and enable this one again."),
            .init("restricted_action", "restricted_action", .gone, restricted),
            .init("restricted_action_read_only_channel", "read_only_channel", .gone, restricted),
            .init("restricted_action_thread_only_channel", "thread_only_channel", .gone, restricted),
            .init(
                "accesslimited", "access_limited", .gone,
                "the workspace takes requests from some networks only. Ask an admin to allow this one."),
            .init(
                "messages_tab_disabled", "messages_tab_disabled", .gone,
                "the app takes no direct messages. Save a channel instead."),
            .init(
                "two_factor_setup_required", "two_factor_setup_required", .gone,
                "whoever installed the app has to set up two-factor authentication."),
            .init(
                "message_limit_exceeded", "message_limit_exceeded", .retry, "the workspace has used up its messages."),
            .init("msg_too_long", "too_long", .refused, "this message is too long. \(ErrorTable.report)"),
            .init("no_text", "no_text", .refused, "the message has no text. \(ErrorTable.report)"),
            .init("invalid_blocks", "invalid_blocks", .refused, rejected),
            .init("invalid_blocks_format", "invalid_blocks", .refused, rejected),
            .init("invalid_attachments", "invalid_attachments", .refused, rejected),
            .init("invalid_arguments", "invalid_arguments", .refused, rejected),
            .init("too_many_attachments", "too_many_attachments", .refused, rejected),
            .init("ratelimited", "rate_limited", .retry, tooMany),
            .init("rate_limited", "rate_limited", .retry, tooMany),
            .init("fatal_error", "server_error", .retry, failing),
            .init("internal_error", "server_error", .retry, failing),
            .init("service_unavailable", "server_error", .retry, failing),
            .init("request_timeout", "server_error", .retry, failing),
            .init("update_failed", "server_error", .retry, failing),
            .init("team_added_to_org", "migrating", .retry, "the workspace is being moved."),
            .init("org_login_required", "migrating", .retry, "the workspace is being moved."),
            .init("external_channel_migrating", "migrating", .retry, "the channel is being moved."),
        ])

    /// The message that was to be answered or changed is not there, or cannot be.
    static let messagesGone = [
        "message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "block_mismatch",
        "thread_not_found", "cannot_reply_to_message", "restricted_action_non_threadable_channel",
    ]

    private static let anotherToken = "Save another one."
    private static let invite = "Invite the bot to the channel, and enable this one again."
    private static let restricted =
        "the workspace's settings do not allow it to post there. Ask an admin, or use another channel."
    private static let rejected = "it rejected this message. \(ErrorTable.report)"
    private static let tooMany = "this bot sends more messages than Slack takes."
    private static let failing = "server error at Slack."
}
