import Notifications

/// The table of what became of deliveries by the hour. The row of the id of zeros is of all channels of the
/// organization.
extension Transaction {
    static let allChannels = ChannelID.least

    func add(_ tally: DeliveryTally, of channel: ChannelID) throws(RepositoryError) {
        let numbers = [tally.delivered, tally.failedAttempts, tally.failed] + tally.arrivals
        try connection.execute(
            Self.adding,
            [SQLValue(organization), SQLValue(at.hour), SQLValue(channel)] + numbers.map { SQLValue($0) })
    }

    /// Nil if nothing was sent in that hour.
    func tally(of channel: ChannelID, inHour hour: Int64) throws(RepositoryError) -> DeliveryTally? {
        try connection.row(
            """
            SELECT \(Self.columns) FROM channel_hours WHERE organization_id = $1 AND hour = $2 AND channel_id = $3
            """, [SQLValue(organization), SQLValue(hour), SQLValue(channel)]
        ) { row in DeliveryTally(row) }
    }

    private static let names =
        ["delivered", "failed_attempts", "failed"] + (1...DeliveryTally.spans.count + 1).map { "span_\($0)" }
    private static let columns = names.joined(separator: ", ")
    private static let places = names.indices.map { "$\($0 + 4)" }.joined(separator: ", ")
    private static let sums = names.map { "\($0) = channel_hours.\($0) + excluded.\($0)" }.joined(separator: ", ")
    private static let adding = """
        INSERT INTO channel_hours (organization_id, hour, channel_id, \(columns)) VALUES ($1, $2, $3, \(places))
        ON CONFLICT (organization_id, hour, channel_id) DO UPDATE SET \(sums)
        """
}

extension DeliveryTally {
    /// The columns in their order.
    fileprivate init(_ row: any SQLRow) {
        self.init()
        delivered = Int(row.integer(0))
        failedAttempts = Int(row.integer(1))
        failed = Int(row.integer(2))
        for place in arrivals.indices { arrivals[place] = Int(row.integer(3 + place)) }
    }
}

extension Timestamp {
    /// Whole hours since 1970.
    var hour: Int64 { seconds / 3600 }
}
