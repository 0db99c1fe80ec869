import Notifications

/// What cannot be read must stand in nobody's way: it is set aside with a reason and an audit entry, and all else goes on.
/// Nothing of it is erased, so that it can be sent once it is repaired.
extension Transaction {
    /// Why a channel is disabled that cannot be read, for people.
    static let unreadableChannel = Finding(
        "unreadable",
        "The channel's saved settings cannot be read: the data is damaged, or its key is missing. Enter them again."
    )

    /// The reason of a delivery whose event cannot be read.
    static let unreadableEvent = "unreadable"

    /// Disables a channel that cannot be read, as one whose receiver is gone; the fallback channel's queue when that was
    /// told.
    func setAside(_ channel: Channel) throws(RepositoryError) -> [DueQueue] {
        let told = try draw(.disable(Self.unreadableChannel), at: channel.id)
        return told.map { [DueQueue(queue: $0, dueAt: due)] } ?? []
    }

    /// Gives a delivery up that was claimed and has no event that could be sent. It was not tried.
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
