/// Hosts other than Slack's own that speak its incoming webhook (`RUNBELL_SLACK_HOSTS`): `host` or `host:port`, in
/// lower case.
package struct SlackHosts: Equatable, Sendable, ExpressibleByArrayLiteral {
    private var hosts: Set<ForeignText>

    package init(arrayLiteral hosts: String...) {
        self.hosts = Set(hosts.map(ForeignText.init))
    }

    /// Reads comma-separated hosts; nil and the empty text mean none.
    ///
    /// - Throws: `InvalidInput` with every entry that is not a host.
    package init(reading text: String?) throws(InvalidInput) {
        hosts = []
        var errors: [ValidationError] = []
        for entry in ListText.entries(of: text) {
            if let url = try? OutboundURL(parsing: "https://\(entry)"), url.target.sameBytes(as: "/"),
                !entry.utf8.contains(UInt8(ascii: "/"))
            {
                insert(entry.lowercased())
            } else {
                let message = "\"\(entry)\" is not a host. Write it as chat.example.com or 127.0.0.1:9000."
                errors.append(ValidationError("RUNBELL_SLACK_HOSTS", message))
            }
        }
        guard errors.isEmpty else { throw InvalidInput(errors) }
    }

    /// Adds a host without checking it.
    package mutating func insert(_ host: String) { hosts.insert(ForeignText(host)) }

    /// Whether the operator has named the address's host.
    package func contains(_ url: OutboundURL) -> Bool {
        let host = url.host.utf8.contains(UInt8(ascii: ":")) ? "[\(url.host)]" : url.host
        return [host, "\(host):\(url.port)"].contains { hosts.contains(ForeignText($0)) }
    }
}
