/// What the words mean that Slack answers instead of `ok`
/// (https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks, and what clients have seen).
enum SlackError {
    static let rateLimited = Finding(
        "slack.rate_limited",
        "Slack takes about one message a second for each address, and this one gets more.")

    /// Nil when the word is none of Slack's, or the status says that Slack itself is in trouble.
    static func verdict(on word: String, status: Int) -> Verdict? {
        if word.sameBytes(as: "rollup_error") {
            return .retry(finding(word, "Slack has a server error."), after: nil)
        }
        guard status < 500 else { return nil }
        if let advice = dead[word] { return .gone(finding(word, advice)) }
        if let advice = wrong[word] { return .refused(finding(word, advice)) }
        return nil
    }

    private static func finding(_ word: String, _ advice: String) -> Finding {
        Finding("slack.\(word.lowercased().replacing(" ", with: "_"))", "Slack says \(word): \(advice)")
    }

    private static let remade = "Make a new webhook and save its address."

    /// The address will not work again.
    private static let dead = [
        "user_not_found": "the user or the channel that the webhook writes to does not exist. \(remade)",
        "channel_not_found": "the channel does not exist any more. \(remade)",
        "channel_is_archived":
            "the channel is archived. Unarchive it and enable this one again, or make a webhook for another channel.",
        "action_prohibited":
            "an administrator of the workspace does not let this webhook write. Ask them, or use another channel.",
        "posting_to_general_channel_denied":
            "the webhook may not write to the general channel. Make one for another channel.",
        "invalid_token": "the address has a wrong or expired token. \(remade)",
        "no_service": "the webhook was removed. \(remade)",
        "no_service_id": "the address lacks the webhook's id. Copy it once more, or make a new webhook.",
        "no_active_hooks":
            "the webhook was switched off. Switch it on and enable this channel again, or make a new one.",
        "No hooks": "the webhook was removed. \(remade)",
        "no_team": "the workspace does not exist. Make a webhook in another one and save its address.",
        "team_disabled": "the workspace is closed. Make a webhook in another one and save its address.",
    ]

    /// This message is at fault, not the address.
    private static let wrong = [
        "invalid_payload": "it cannot read this message. \(report)",
        "invalid_blocks": "it does not take the blocks of this message. \(report)",
        "invalid_attachments": "it does not take the attachment of this message. \(report)",
        "missing_text_or_fallback_or_attachments": "the message has no text. \(report)",
        "no_text": "the message has no text. \(report)",
        "too_many_attachments": "the message has too many attachments. \(report)",
    ]

    private static let report = "The channel is fine; please report this as a defect of Runbell."
}
