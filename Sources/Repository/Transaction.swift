import Notifications

/// What the methods of the stores work with inside one transaction.
struct Transaction {
    let connection: any SQLConnection
    let pen: AuditLog.Pen
    let kinds: ChannelCatalogue
    /// The moment `at` by the clock of due times, leases and pauses.
    let due: Timestamp
    let organization: OrganizationID
    let principal: Principal
    /// How many deliveries follow a change of their channel at once.
    let settledAtOnce: Int
    /// The address that the request came from; empty when there was none.
    let source: String

    /// Who did it, when the service itself did.
    static let system = "system"

    /// The time, as people read it.
    var at: Timestamp { pen.at }
    var vault: Vault { pen.vault }

    /// Adds an entry to the organization's audit chain.
    func audit(_ action: String, _ target: String, _ detail: JSONValue = [:], actor: String? = nil)
        throws(RepositoryError)
    {
        let note = AuditLog.Note(
            actor: actor ?? principal.actor, action: action, target: target, detail: detail,
            origin: principal.origin(from: source))
        try AuditLog.append(note, to: organization, with: pen, on: connection)
    }
}
