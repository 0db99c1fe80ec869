/// Why an address is not one to send to.
package struct EgressRefusal: Equatable, Sendable {
    /// A whole sentence, for whoever saved the address.
    package let sentence: String
    /// No setting of the installation allows it: cloud metadata, and this service itself. Anything else may be refused
    /// only because a setting is wrong.
    package let isForEver: Bool

    init(_ sentence: String, isForEver: Bool = false) {
        self.sentence = sentence
        self.isForEver = isForEver
    }
}

extension EgressRefusal {
    static let scheme = EgressRefusal("The address must begin with https://; plain http:// is not allowed here.")
    static let metadata = EgressRefusal(
        "The address belongs to a cloud's own services; notifications never go there.", isForEver: true)
    static let own = EgressRefusal(
        "The address is this service itself; notifications cannot go there.", isForEver: true)
    static let notPublic = EgressRefusal(
        "The address is not on the public internet; notifications go to public receivers only.")
    static let port = EgressRefusal("Notifications may not go to this port.")
    static let privateName = EgressRefusal(
        "The host name belongs to private networks; notifications go to public receivers only.")
    static let shortName = EgressRefusal("The host must be a full name with a dot in it, as in hooks.example.com.")
    static let noAddress = EgressRefusal("The host name has no address.")

    /// The sentence is the same whatever stands behind the name, so that a refusal tells nothing about the network it
    /// protects; only addresses that are metadata everywhere are for ever.
    static func name(isForEver: Bool) -> EgressRefusal {
        EgressRefusal(
            "The host name leads to an address that notifications may not go to.", isForEver: isForEver)
    }
}
