/// Interprets PagerDuty's error answers.
enum PagerDutyError {
    static let invalidEvent = Finding(
        "pagerduty.invalid_event",
        "PagerDuty rejected this event. The channel is fine; please report this as a bug in Runbell.")

    static let key = Finding(
        "pagerduty.key_rejected",
        "PagerDuty rejected the integration key. Check it, and whether the account is in the EU, which has its own server."
    )

    /// PagerDuty's errors name the member that is wrong.
    static func isAboutKey(_ answer: Answer) -> Bool {
        (answer.json?["errors"]?.array ?? []).contains { error in
            let text = (error.string ?? "").prefix(bytes: 1000).lowercased()
            return ["routing key", "routing_key"].contains { text.utf8.contains(Array($0.utf8)) }
        }
    }

    static let tooLarge = Finding(
        "pagerduty.too_large", "The event is too large for PagerDuty. \(ErrorTable.report)")

    static let tooMany = Finding(
        "pagerduty.rate_limited", "PagerDuty accepts about 120 events per minute for each key, and this one gets more.")
}
