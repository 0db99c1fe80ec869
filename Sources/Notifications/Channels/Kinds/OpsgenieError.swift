/// Interprets Opsgenie's error answers.
enum OpsgenieError {
    static let invalidAlert = Finding(
        "opsgenie.invalid_alert", "Opsgenie rejected this alert. \(ErrorTable.report)")

    static let unauthorized = Finding(
        "opsgenie.unauthorized",
        "Opsgenie rejected the key. Check it, whether its integration is on, and whether the account is in the EU, "
            + "which has its own server.")

    static let plan = Finding("opsgenie.plan", "The plan of the Opsgenie account does not include this.")

    static let forbidden = Finding(
        "opsgenie.forbidden", "The key may not create or update alerts. Change the rights of its integration.")

    static let tooMany = Finding("opsgenie.rate_limited", "Opsgenie asks Runbell to send less.")

    /// Opsgenie says in a header of its own how long the period is in which it counts.
    static func wait(_ answer: Answer) -> Duration? {
        let period = answer.header("X-RateLimit-Period-In-Sec").flatMap { Int64($0) }
        let asked = period.map { Duration.seconds(max(0, min($0, 86_400))) }
        return [answer.retryAfter, asked].compactMap { $0 }.max()
    }
}
