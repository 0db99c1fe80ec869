import Notifications

/// How the nodes over one database reach each other, and what they share. A driver provides it; a database that only one
/// process can have needs none. What is told may be lost: whatever it was about is also found by looking.
package protocol NodeLink: Sendable {
    /// The database's clock.
    func time() async throws(RepositoryError) -> Timestamp

    /// Tells the other nodes. Returns at once.
    func tell(_ news: NodeNews)

    /// Calls `hear` with what the others tell, and with `changed` whenever something may have been missed.
    func listen(_ hear: @escaping @Sendable (NodeNews) -> Void)

    /// Whether this node does the maintenance. At most one node does, except that one that lost its connection may not
    /// know for a moment; each piece of work is a transaction that allows for that.
    var isInCharge: Bool { get }

    /// How often a write of this process failed although its commit may have succeeded: then it may have claimed what it
    /// does not know of.
    var uncertainCommits: Int { get }
}

/// What nodes tell each other.
package enum NodeNews: Equatable, Sendable {
    /// A node began or left.
    case changed
    /// More is due at this queue than one node sends at once.
    case due(ChannelQueue)

    /// Nil if only a newer version knows what it means.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: " ")
        if parts == ["changed"] {
            self = .changed
        } else if parts.count == 3, parts[0] == "due", let organization = Int64(parts[1]),
            let channel = ChannelID(String(parts[2]))
        {
            self = .due(ChannelQueue(organizationID: OrganizationID(organization), channelID: channel))
        } else {
            return nil
        }
    }

    package var text: String {
        switch self {
        case .changed: "changed"
        case .due(let queue): "due \(queue.organizationID) \(queue.channelID)"
        }
    }
}
