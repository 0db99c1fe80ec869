/// Interprets the sentences of Telegram's errors
/// (https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/Client.cpp).
enum TelegramError {
    static let rateLimited = Finding(
        "telegram.rate_limited",
        "Telegram accepts 20 messages per minute for a group, and one per second for any chat.")

    static func moved(to chat: Int64) -> Finding {
        Finding(
            "telegram.chat_moved",
            "The group has become a supergroup with another number. Save \(chat) as the chat and enable this channel.")
    }

    static func verdict(on sentence: String?, status: Int) -> Verdict? {
        if let verdict = table.verdict(onSentence: sentence, after: nil) { return verdict }
        return switch status {
        case 401, 404: .gone(Finding("telegram.unauthorized", "Telegram does not know the token. \(anotherToken)"))
        case 403: .gone(Finding("telegram.forbidden", "The bot may not write to the chat. Add it to the chat again."))
        default: nil
        }
    }

    /// Whether the message to be replaced or answered is gone.
    static func isMessageGone(_ sentence: String?) -> Bool { contains(sentence, gone) }

    /// Whether a message to be replaced has the new text already: an earlier attempt did it.
    static func isChangedAlready(_ sentence: String?) -> Bool { contains(sentence, ["message is not modified"]) }

    /// In lower case.
    private static let gone = [
        "message to edit not found", "message can't be edited", "message_id_invalid", "message to be replied not found",
        "replied message not found", "reply message not found",
    ]

    private static func contains(_ sentence: String?, _ words: [String]) -> Bool {
        guard let sentence = sentence?.prefix(bytes: 1000).lowercased() else { return false }
        return words.contains { sentence.utf8.contains(Array($0.utf8)) }
    }

    private static let table = ErrorTable(
        kind: "telegram", service: "Telegram",
        rows: [
            .init(
                "chat not found", "chat_not_found", .gone,
                "the chat does not exist, or the bot was never in it. Add the bot to the chat, and check its number."),
            .init(
                "message thread not found", "topic_not_found", .gone,
                "the group has no such topic. Save another topic, or none."),
            .init("TOPIC_DELETED", "topic_not_found", .gone, "the topic was deleted. Save another topic, or none."),
            .init("TOPIC_CLOSED", "topic_closed", .gone, "the topic is closed. Open it, and enable this channel."),
            .init("PEER_ID_INVALID", "chat_not_found", .gone, "there is no such chat. Check its number."),
            .init(
                "can't initiate conversation", "not_started", .gone,
                "the person must write to the bot first. Then enable this channel."),
            .init("can't send messages to bots", "chat_of_bot", .gone, "the chat is that of a bot. Save another chat."),
            .init("bot was blocked by the user", "blocked", .gone, "the user must unblock the bot."),
            .init("bot was kicked", "kicked", .gone, "somebody removed the bot. \(addAgain)"),
            .init("bot is not a member", "not_a_member", .gone, "the bot has left the chat. \(addAgain)"),
            .init("user is deactivated", "user_deactivated", .gone, "the account was deleted. Save another chat."),
            .init("group chat was deleted", "chat_deleted", .gone, "the group was deleted. Save another chat."),
            .init("not enough rights", "no_rights", .gone, mayNotWrite),
            .init("have no rights", "no_rights", .gone, mayNotWrite),
            .init("no write access", "no_rights", .gone, mayNotWrite),
            .init("CHAT_WRITE_FORBIDDEN", "no_rights", .gone, mayNotWrite),
            .init("CHAT_RESTRICTED", "no_rights", .gone, mayNotWrite),
            .init("need administrator rights", "no_rights", .gone, mustBeAdministrator),
            .init("CHAT_ADMIN_REQUIRED", "no_rights", .gone, mustBeAdministrator),
            .init(
                "message text is empty", "no_text", .refused, "the message has no text. \(ErrorTable.report)"),
            .init(
                "message is too long", "too_long", .refused, "this message is too long. \(ErrorTable.report)"),
            .init(
                "can't parse entities", "invalid_markup", .refused,
                "it could not read this message. \(ErrorTable.report)"),
        ])

    private static let mayNotWrite = "the bot may not write. Let it, and enable this channel."
    private static let mustBeAdministrator =
        "in a channel, the bot must be an administrator who may post. Make it one, and enable this channel."
    private static let addAgain = "Add it to the chat again, and enable this channel."
    private static let anotherToken = "Ask @BotFather for a new token and save it."
}
