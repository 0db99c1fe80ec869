import Notifications

/// What the stores' methods work with inside one transaction.
struct Transaction {
    let connection: any SQLConnection
    let pen: AuditLog.Pen
    let kinds: ChannelCatalogue
    /// The same moment as `at`, by the clock of due times, leases and pauses.
    let due: Timestamp
    let organization: OrganizationID
    let principal: Principal
    /// How many deliveries one transaction settles after a change of their channel.
    let settledAtOnce: Int
    /// The client's address; empty if there is none.
    let source: String
    let kept: KeptValues

    /// The actor for the service's own actions.
    static let system = "system"

    /// The wall-clock time of the transaction.
    var at: Timestamp { pen.at }
    var vault: Vault { pen.vault }

    /// Appends an entry to the organization's audit chain.
    func audit(_ action: String, _ target: String, _ detail: JSONValue = [:], actor: String? = nil)
        throws(RepositoryError)
    {
        let note = AuditLog.Note(
            actor: actor ?? principal.actor, action: action, target: target, detail: detail,
            origin: principal.origin(from: source))
        try AuditLog.append(note, to: organization, with: pen, on: connection)
    }
}
