/// How many deliveries may be in flight at once. What exceeds a limit waits in the database.
package struct DeliveryLimits: Sendable {
    /// Of one channel; also how many deliveries an organization may claim in one round of the scheduler.
    package var channel = 8
    /// Of one organization.
    package var organization = 64
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

    package init() {}
}
