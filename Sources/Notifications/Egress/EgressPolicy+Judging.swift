extension EgressPolicy {
    /// What is wrong with an address that somebody wants to save, in a whole sentence; nil when it is fine: its
    /// syntax, its scheme, the host if it is an address or a special name, the port, and at last the kind's own rule.
    package func mistake(in text: String, rule: URLRule) -> String? {
        do {
            let url = try OutboundURL(parsing: text)
            return mistake(in: url) ?? rule.mistake(url, self)
        } catch {
            return error.message
        }
    }

    /// What is wrong with an address as far as can be told without asking for its name's addresses. Asked again for
    /// every request, because an address saved under an older policy must not be trusted.
    package func mistake(in url: OutboundURL) -> String? {
        guard !isUnrestricted else { return nil }
        guard url.scheme == .https || isHTTPAllowed else {
            return "The address must begin with https://; plain http:// is not allowed here."
        }
        if let address = url.address {
            return refusal(of: address, port: url.port)?.sentence
        }
        return mistake(inName: url.host) ?? mistake(inPort: url.port)
    }

    /// Why none of a name's addresses may be dialled; nil when all of them may. One bad answer refuses them all: who
    /// answers with a public and a private address is not trusted with the public one. The sentence is the same
    /// whatever stands behind the name, so that a refusal tells nothing about the network it protects.
    package func refusal(of answers: [IPAddress], for url: OutboundURL) -> String? {
        guard !answers.isEmpty else { return "The host name has no address." }
        guard !isUnrestricted else { return nil }
        let refusals = answers.compactMap { refusal(of: $0, port: url.port) }
        guard let first = refusals.first else { return nil }
        guard url.address == nil else { return first.sentence }
        return refusals.allSatisfy { $0 == .port }
            ? Refusal.port.sentence : "The host name leads to an address that notifications may not go to."
    }

    private func refusal(of address: IPAddress, port: Int) -> Refusal? {
        if address.isNeverAllowed { return .metadata }
        if ownAddresses.contains(where: { $0.answers(on: address, port: port) }) { return .own }
        if allowedRanges.contains(where: { $0.contains(address) }) { return nil }
        guard address.isPublic else { return .notPublic }
        return ports.contains(port) ? nil : .port
    }

    private func mistake(inName name: String) -> String? {
        if DNSName.isMetadata(name) { return Refusal.metadata.sentence }
        guard DNSName.isPrivate(name), !reachesPrivateNetworks else { return nil }
        return name.contains(".")
            ? "The host name belongs to private networks; notifications go to public receivers only."
            : "The host must be a full name with a dot in it, as in hooks.example.com."
    }

    /// A name may lead into an allowed range, where every port is good: then only dialling can tell.
    private func mistake(inPort port: Int) -> String? {
        ports.contains(port) || reachesPrivateNetworks ? nil : Refusal.port.sentence
    }

    private enum Refusal {
        case metadata, own, notPublic, port

        var sentence: String {
            switch self {
            case .metadata: "The address belongs to a cloud's own services; notifications never go there."
            case .own: "The address is this service itself; notifications cannot go there."
            case .notPublic: "The address is not on the public internet; notifications go to public receivers only."
            case .port: "Notifications may not go to this port."
            }
        }
    }
}
