/// Where deliveries, tests and previews may go.
package struct EgressPolicy: Sendable {
    package init() {}

    /// What is wrong with an address that somebody wants to save, in a whole sentence; nil when it is fine.
    package func mistake(in text: String, rule: URLRule) -> String? { nil }
}
