/// How much may be under way at once. What is over a limit waits in the database.
package struct DeliveryLimits: Sendable {
    package var channel = 8
    package var organization = 64
    /// A receiver's host: hooks.slack.com serves everybody.
    package var host = 256
    package var total = 1024
    /// Of all, so many are kept for channels whose last attempt was answered: receivers that hang, however many, leave
    /// them.
    package var reserve = 256
    /// One attempt: resolving, connecting, TLS, head and body together.
    package var deadline = Duration.seconds(15)
    /// How long a claim is good for; longer than the deadline and the commit behind it.
    package var lease = Duration.seconds(60)
    /// How often leases that nobody gave back are looked for.
    package var sweep = Duration.seconds(10)
    /// ChannelQueues claimed in one transaction.
    package var turnsAtOnce = 64

    package init() {}
}
