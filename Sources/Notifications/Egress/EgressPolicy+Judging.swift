extension EgressPolicy {
    /// What is wrong with an address that somebody wants to save, in a whole sentence; nil when it is fine: its
    /// syntax, its scheme, the host if it is an address or a special name, the port, and at last the kind's own rule.
    package func error(in text: String, rule: URLRule) -> String? {
        do {
            let url = try OutboundURL(parsing: text)
            return error(in: url) ?? rule.error(url)
        } catch {
            return error.message
        }
    }

    /// What is wrong with an address as far as can be told without asking for its name's addresses.
    package func error(in url: OutboundURL) -> String? { refusal(of: url)?.sentence }

    /// Why an address is refused, as far as can be told without asking for its name's addresses. Asked again for every
    /// request, because an address saved under an older policy must not be trusted.
    package func refusal(of url: OutboundURL) -> EgressRefusal? {
        guard !isUnrestricted else { return nil }
        guard url.scheme == .https || isHTTPAllowed else { return .scheme }
        if let address = url.address { return refusal(of: address, port: url.port) }
        return refusal(ofName: url.host) ?? refusal(ofPort: url.port)
    }

    /// Why none of a name's addresses may be dialled; nil when all of them may. One bad answer refuses them all: who
    /// answers with a public and a private address is not trusted with the public one.
    package func refusal(of answers: [IPAddress], for url: OutboundURL) -> EgressRefusal? {
        guard !answers.isEmpty else { return .noAddress }
        guard !isUnrestricted else { return nil }
        let refusals = answers.compactMap { refusal(of: $0, port: url.port) }
        guard let first = refusals.first else { return nil }
        guard url.address == nil else { return first }
        if refusals.allSatisfy({ $0 == .port }) { return .port }
        return .name(isForEver: answers.contains(where: \.isNeverAllowed))
    }

    private func refusal(of address: IPAddress, port: Int) -> EgressRefusal? {
        if address.isNeverAllowed { return .metadata }
        if ownAddresses.contains(where: { $0.answers(on: address, port: port) }) { return .own }
        if allowedRanges.contains(where: { $0.contains(address) }) { return nil }
        guard address.isPublic else { return .notPublic }
        return ports.contains(port) ? nil : .port
    }

    private func refusal(ofName name: String) -> EgressRefusal? {
        if DNSName.isMetadata(name) { return .metadata }
        guard DNSName.isPrivate(name), !reachesPrivateNetworks else { return nil }
        return name.contains(".") ? .privateName : .shortName
    }

    /// A name may lead into an allowed range, where every port is good: then only dialling can tell.
    private func refusal(ofPort port: Int) -> EgressRefusal? {
        ports.contains(port) || reachesPrivateNetworks ? nil : .port
    }
}
