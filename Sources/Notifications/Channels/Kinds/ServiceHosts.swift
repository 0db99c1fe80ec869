/// The hosts that stand in for services, by the id of the kind (`RUNBELL_SERVICE_HOSTS`, `RUNBELL_SLACK_HOSTS`).
package struct ServiceHosts: Equatable, Sendable {
    private var hosts: [ForeignText: OtherHosts] = [:]

    package init() {}

    /// Reads comma-separated entries, `discord=127.0.0.1:9000`, and Slack's hosts, which need no kind. Nil and the
    /// empty text mean none.
    ///
    /// - Throws: `InvalidInput` with every entry that is wrong.
    package init(reading text: String?, slack: String? = nil) throws(InvalidInput) {
        var errors: [ValidationError] = []
        for entry in ListText.entries(of: slack) where !add(String(entry), to: "slack") {
            let message = "\"\(entry)\" is not a host. Write it as chat.example.com or 127.0.0.1:9000."
            errors.append(ValidationError("RUNBELL_SLACK_HOSTS", message))
        }
        for entry in ListText.entries(of: text) {
            let parts = entry.pieces(between: "=", atMost: 2).map { String($0) }
            guard parts.count == 2, ChannelCatalogue.standard().kind(parts[0]) != nil, add(parts[1], to: parts[0])
            else {
                let message = "\"\(entry)\" is not a kind and a host. Write it as discord=127.0.0.1:9000."
                errors.append(ValidationError("RUNBELL_SERVICE_HOSTS", message))
                continue
            }
        }
        guard errors.isEmpty else { throw InvalidInput(errors) }
    }

    /// The hosts that stand in for a kind's service.
    package subscript(_ kind: String) -> OtherHosts { hosts[ForeignText(kind)] ?? [] }

    /// Adds a host without checking it.
    package mutating func insert(_ host: String, for kind: String) {
        hosts[ForeignText(kind), default: []].insert(host)
    }

    private mutating func add(_ host: String, to kind: String) -> Bool {
        guard OtherHosts.isHost(host) else { return false }
        insert(host, for: kind)
        return true
    }
}
