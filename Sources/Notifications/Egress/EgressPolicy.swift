/// Where deliveries, tests and previews may go.
package struct EgressPolicy: Sendable {
    /// Hosts beside Slack's own that speak its incoming webhook: `host` or `host:port`.
    package var slackHosts: Set<String> = []

    package init() {}

    /// What is wrong with an address that somebody wants to save, in a whole sentence; nil when it is fine.
    package func mistake(in text: String, rule: URLRule) -> String? { nil }
}
