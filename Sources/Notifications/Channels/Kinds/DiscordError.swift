/// Interprets Discord's error codes (https://docs.discord.com/developers/topics/opcodes-and-status-codes#json).
enum DiscordError {
    static let rateLimited = Finding(
        "discord.rate_limited",
        "Discord receives too many messages for this webhook, or from this address.")

    static let table = ErrorTable(
        kind: "discord", service: "Discord",
        rows: [
            .init("10015", "unknown_webhook", .gone, "the webhook was deleted. \(remade)"),
            .init("10003", "unknown_channel", .gone, "the channel or thread no longer exists. \(remade)"),
            .init("50027", "invalid_token", .gone, "the token in the address is wrong. \(remade)"),
            .init("50013", "missing_permissions", .gone, "the webhook may not post to the channel. \(remade)"),
            .init(
                "220001", "thread_needed", .gone,
                "the webhook belongs to a forum. Add ?thread_id= and a thread's ID to the address."),
            .init(
                "220002", "thread_named_twice", .gone,
                "the address names a thread in two ways. Leave one of them out."),
            .init(
                "220003", "no_forum", .gone,
                "threads can only be created in forums. Leave out the thread in the address."),
            .init("50006", "empty_message", .refused, "the message is empty. \(ErrorTable.report)"),
            .init("50035", "invalid_form", .refused, "it rejected the fields of this message. \(ErrorTable.report)"),
            .init("40005", "too_large", .refused, "this message is too large. \(ErrorTable.report)"),
            .init(
                "200000", "blocked_by_automod", .refused,
                "a rule of the server's AutoMod blocked this message."),
            .init(
                "240000", "harmful_link", .refused,
                "it considers a link in this message harmful. Check the organization's run link template."),
            .init(
                "40333", "blocked_by_cloudflare", .refused,
                "Cloudflare blocks requests from this installation."),
        ])

    /// Unknown message; one of somebody else; a message in an archived thread, which a new one would open again.
    static let messagesGone: [Int64] = [10008, 50005, 50083]

    private static let remade = "Create a new webhook and save its URL."
}
