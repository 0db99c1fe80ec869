/// Why an address is refused.
package struct EgressRefusal: Equatable, Sendable {
    /// A whole sentence, for whoever saved the address.
    package let sentence: String
    /// Whether no setting could allow it (cloud metadata, and this service itself). Anything else may be refused only
    /// because a setting is wrong.
    package let isForEver: Bool

    init(_ sentence: String, isForEver: Bool = false) {
        self.sentence = sentence
        self.isForEver = isForEver
    }
}

extension EgressRefusal {
    static let scheme = EgressRefusal(
        "The address must begin with https://; plain http:// is not allowed here. "
            + "The operator can allow it (RUNBELL_EGRESS_HTTP).")
    static let metadata = EgressRefusal(
        "The address belongs to a cloud provider's internal services. Notifications are never sent there.",
        isForEver: true)
    static let own = EgressRefusal(
        "The address is Runbell itself. Notifications cannot be sent there.", isForEver: true)
    static let notPublic = EgressRefusal(
        "The address is not on the public internet. Notifications are sent only to public addresses. " + networks)
    static let port = EgressRefusal(
        "Notifications may not be sent to this port. The operator can allow it (RUNBELL_EGRESS_PORTS).")
    static let privateName = EgressRefusal(
        "The host name belongs to a private network. Notifications are sent only to public addresses. " + networks)
    static let shortName = EgressRefusal(
        "The host must be a full name with a dot, such as hooks.example.com. " + networks)
    static let noAddress = EgressRefusal("The host name has no address.")

    private static let networks = "The operator can allow private networks (RUNBELL_EGRESS_ALLOW)."

    /// The sentence is the same for all addresses behind a name, so that a refusal reveals nothing about the network it
    /// protects; only addresses that are metadata everywhere are refused for ever.
    static func name(isForEver: Bool) -> EgressRefusal {
        EgressRefusal(
            "The host name resolves to an address that notifications may not be sent to. " + networks,
            isForEver: isForEver)
    }
}
