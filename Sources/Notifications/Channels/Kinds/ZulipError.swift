/// Interprets Zulip's error codes (https://zulip.com/api/rest-error-handling).
enum ZulipError {
    static let rateLimited = Finding("zulip.rate_limited", "Zulip accepts about 200 requests per minute from a bot.")

    /// What Zulip says only in words (zerver/lib/streams.py), in the language of the bot. Their code is the one of all bad
    /// requests.
    static let reasons = ErrorTable(
        kind: "zulip", service: "Zulip",
        rows: [
            .init("Not authorized to send to", "not_authorized", .gone, mayNotPost),
            .init("permission to post in this channel", "not_authorized", .gone, mayNotPost),
            .init("Only organization administrators", "not_authorized", .gone, mayNotPost),
            .init(
                "permission to create new topics", "no_new_topics", .refused,
                "the bot may not start topics in the channel. Let it, or save a topic that is there already."),
        ])

    private static let mayNotPost =
        "the bot may not post to the channel. Let it, or its owner, post there, and enable this channel again."

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
            .init(
                "BAD_REQUEST", "bad_request", .refused,
                "it rejected this message. Check whether the bot may post to the channel and start topics there; the "
                    + "response says why."),
            .init("RATE_LIMIT_HIT", "rate_limited", .retry, "too many requests from the bot."),
        ])
}
