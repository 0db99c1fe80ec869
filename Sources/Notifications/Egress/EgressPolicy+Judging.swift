extension EgressPolicy {
    /// What is wrong with an address to be saved, as a whole sentence; nil if it is fine. Checks the syntax, the
    /// scheme, the host if it is an address or a special name, the port, and finally the kind's own rule. Names are not
    /// resolved.
    package func error(in text: String, rule: URLRule) -> String? {
        do {
            let url = try OutboundURL(parsing: text)
            return error(in: url) ?? rule.error(url)
        } catch {
            return error.message
        }
    }

    /// What is wrong with an address as far as can be told without resolving its name.
    package func error(in url: OutboundURL) -> String? { refusal(of: url)?.sentence }

    /// Why an address is refused, as far as can be told without resolving its name. Checked again for each request,
    /// because the policy may have changed since the address was saved.
    package func refusal(of url: OutboundURL) -> EgressRefusal? {
        guard !isUnrestricted else { return nil }
        guard url.scheme == .https || isHTTPAllowed else { return .scheme }
        if let address = url.address { return refusal(of: address, port: url.port) }
        return refusal(ofName: url.host) ?? refusal(ofPort: url.port)
    }

    /// Why a name's addresses must not be connected to; nil if all of them may. One forbidden address refuses them all:
    /// a name that resolves to a public and a private address is not trusted.
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

    /// A name may resolve into an allowed range, where any port may be used: then the port is only checked when
    /// connecting.
    private func refusal(ofPort port: Int) -> EgressRefusal? {
        ports.contains(port) || reachesPrivateNetworks ? nil : .port
    }
}
