/// Interprets Zulip's error codes (https://zulip.com/api/rest-error-handling).
enum ZulipError {
    static let rateLimited = Finding("zulip.rate_limited", "Zulip accepts about 200 requests per minute from a bot.")

    static let table = ErrorTable(
        kind: "zulip", service: "Zulip",
        rows: [
            .init(
                "STREAM_DOES_NOT_EXIST", "channel_not_found", .gone,
                "there is no channel with that name, or the bot may not see it. Save another channel."),
            .init("INVALID_API_KEY", "invalid_key", .gone, "the API key is wrong. Copy it again from the bot."),
            .init("UNAUTHORIZED", "unauthorized", .gone, "the bot's email or API key is wrong. Copy both again."),
            .init(
                "UNAUTHENTICATED_USER", "unauthorized", .gone, "the bot's email or API key is wrong. Copy both again."),
            .init(
                "USER_DEACTIVATED", "bot_deactivated", .gone, "the bot was deactivated. Reactivate it, or add another."),
            .init("REALM_DEACTIVATED", "organization_deactivated", .gone, "the organization in Zulip was deactivated."),
            .init("BAD_REQUEST", "bad_request", .refused, "it rejected this message. \(ErrorTable.report)"),
            .init("RATE_LIMIT_HIT", "rate_limited", .retry, "too many requests from the bot."),
        ])
}
