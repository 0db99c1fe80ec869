import Notifications

/// Unreadable data must not block anything else: it is set aside with a reason and an audit entry. Nothing is erased,
/// so it can be sent once it has been repaired.
extension Transaction {
    /// Why an unreadable channel is disabled, for people.
    static let unreadableChannel = Finding(
        "unreadable",
        "The channel's saved settings cannot be read: the data is damaged, or its key is missing. Enter them again."
    )

    /// The reason for a delivery whose event cannot be read.
    static let unreadableEvent = "unreadable"

    /// Disables an unreadable channel as if its receiver were gone. Returns the fallback channel's queue if that was
    /// told.
    func setAside(_ channel: Channel) throws(RepositoryError) -> [DueQueue] {
        let told = try draw(.disable(Self.unreadableChannel), at: channel.id)
        return told.map { [DueQueue(queue: $0, dueAt: due)] } ?? []
    }

    /// Gives up a claimed delivery that has no event to send. It does not count as tried.
    func setAside(
        _ delivery: DeliveryID, of event: EventID, at channel: ChannelID, because reason: String
    ) throws(RepositoryError) {
        try connection.execute(
            """
            UPDATE deliveries SET state = 'failed', reason = $3, lease_owner = NULL, lease_until = NULL,
                attempts = attempts - 1, interruptions = 0, updated_at = $4
            WHERE organization_id = $1 AND delivery_id = $2
            """, [SQLValue(organization), SQLValue(delivery), SQLValue(Self.unreadableEvent), SQLValue(at)])
        try audit(
            "delivery.set_aside", "delivery:\(delivery)",
            ["channel_id": JSONValue(channel), "event_id": JSONValue(event), "reason": .string(reason)],
            actor: Self.system)
    }
}
