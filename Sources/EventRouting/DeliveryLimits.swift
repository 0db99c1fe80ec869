/// How many deliveries may be in flight at once. What exceeds a limit waits in the database.
package struct DeliveryLimits: Sendable {
    /// Of one channel: from so many, up to so many as its receiver takes (`ReceiverWindow`).
    package var window = 8...128
    /// How many deliveries an organization may claim in one round of the scheduler.
    package var share = 32
    /// Of one organization.
    package var organization = 192
    /// Of one organization, to channels whose last attempt was not answered.
    package var organizationUnanswered = 64
    /// To one receiver's host: all Slack channels share hooks.slack.com.
    package var host = 256
    /// Of all organizations.
    package var total = 1024
    /// How many of `total` are reserved for channels whose last attempt was answered, so that receivers that hang
    /// cannot use up everything.
    package var reserve = 256
    /// For one attempt: look-up, connecting, TLS, head and body together.
    package var deadline = Duration.seconds(15)
    /// How long a claim is valid; longer than the deadline and the commit after it.
    package var lease = Duration.seconds(60)
    /// How often to renew leases and look for expired ones.
    package var sweep = Duration.seconds(10)
    /// How many queues are claimed in one transaction.
    package var turnsAtOnce = 64
    /// About how many deliveries are claimed in one transaction.
    package var claimsAtOnce = 64
    /// How many results are written in one transaction.
    package var resultsAtOnce = 64

    package init() {}
}
