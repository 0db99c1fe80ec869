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
    /// Written with a claim for versions that know no nodes, which take it back after this time. A claim is its node's for
    /// as long as that is alive.
    package var lease = Duration.seconds(60)
    /// How often a node gives a sign of life, and looks for nodes that are gone.
    package var sweep = Duration.seconds(5)
    /// A node whose last sign of life is older than this claims nothing: what it has claimed ends by its deadline before
    /// others take it back (`DeliveryStore.silence`).
    package var trust = Duration.seconds(15)
    /// How many queues are claimed in one transaction.
    package var turnsAtOnce = 64
    /// About how many deliveries are claimed in one transaction.
    package var claimsAtOnce = 64
    /// How many results are written in one transaction.
    package var resultsAtOnce = 64

    package init() {}

    /// One node's part of the limits that hold over all nodes. What a process can do by itself (`total`) is not divided.
    func shared(among nodes: Int) -> DeliveryLimits {
        func part(_ limit: Int) -> Int { max(1, limit / nodes) }
        var limits = self
        limits.window = part(window.lowerBound)...part(window.upperBound)
        limits.organization = part(organization)
        limits.organizationUnanswered = part(organizationUnanswered)
        limits.host = part(host)
        return limits
    }
}
