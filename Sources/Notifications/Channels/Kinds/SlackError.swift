/// Interprets the words that Slack answers instead of `ok`
/// (https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks, and what clients have
/// observed).
enum SlackError {
    static let rateLimited = Finding(
        "slack.rate_limited",
        "Slack accepts about one message per second for each address, and this one receives more.")

    /// Nil if the word is not one of Slack's, or the status says that Slack itself has a problem.
    static func verdict(on word: String, status: Int) -> Verdict? {
        if word.sameBytes(as: "rollup_error") {
            return .retry(finding(word, "server error at Slack."), after: nil)
        }
        guard status < 500 else { return nil }
        if let advice = dead[word] { return .gone(finding(word, advice)) }
        if let advice = wrong[word] { return .refused(finding(word, advice)) }
        return nil
    }

    private static func finding(_ word: String, _ advice: String) -> Finding {
        Finding("slack.\(word.lowercased().replacing(" ", with: "_"))", "Slack returned \(word): \(advice)")
    }

    private static let remade = "Create a new webhook and save its address."

    /// The address will not work again.
    private static let dead = [
        "user_not_found": "the user or channel that the webhook posts to does not exist. \(remade)",
        "channel_not_found": "the channel no longer exists. \(remade)",
        "channel_is_archived":
            "the channel is archived. Unarchive it and enable this one again, or create a webhook for another channel.",
        "action_prohibited":
            "an admin of the workspace does not allow this webhook to post. Ask them, or use another channel.",
        "posting_to_general_channel_denied":
            "the webhook may not post to the general channel. Create one for another channel.",
        "invalid_token": "the token in the address is wrong or has expired. \(remade)",
        "no_service": "the webhook was removed. \(remade)",
        "no_service_id": "the address lacks the webhook's ID. Copy it again, or create a new webhook.",
        "no_active_hooks":
            "the webhook is disabled. Enable it and this channel again, or create a new one.",
        "No hooks": "the webhook was removed. \(remade)",
        "no_team": "the workspace does not exist. Create a webhook in another one and save its address.",
        "team_disabled": "the workspace is disabled. Create a webhook in another one and save its address.",
    ]

    /// The message is wrong, not the address.
    private static let wrong = [
        "invalid_payload": "it could not read this message. \(report)",
        "invalid_blocks": "it rejected the blocks of this message. \(report)",
        "invalid_attachments": "it rejected the attachment of this message. \(report)",
        "missing_text_or_fallback_or_attachments": "the message has no text. \(report)",
        "no_text": "the message has no text. \(report)",
        "too_many_attachments": "the message has too many attachments. \(report)",
    ]

    private static let report = "The channel is fine; please report this as a bug in Runbell."
}
