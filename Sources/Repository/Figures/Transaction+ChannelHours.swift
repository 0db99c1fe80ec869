import Notifications

/// The table of what became of deliveries by the hour. The row of the id of zeros is of all channels of the
/// organization.
extension Transaction {
    static let allChannels = ChannelID.least

    /// The values of `addingTally`.
    func values(of tally: DeliveryTally, _ channel: ChannelID) -> [SQLValue] {
        let numbers = [tally.delivered, tally.failedAttempts, tally.failed] + tally.arrivals
        return [SQLValue(organization), SQLValue(at.hour), SQLValue(channel)] + numbers.map { SQLValue($0) }
    }

    /// By hour; without those in which nothing was sent. Each hour is looked up by the whole key, since a range of hours
    /// would read the rows of all channels.
    func tallies(of channel: ChannelID, in hours: ClosedRange<Int64>) throws(RepositoryError) -> [Int64: DeliveryTally]
    {
        let places = (0..<hours.count).map { "$\($0 + 3)" }.joined(separator: ", ")
        let found = try connection.rows(
            """
            SELECT hour, \(Self.columns) FROM channel_hours
            WHERE organization_id = $1 AND channel_id = $2 AND hour IN (\(places))
            """, [SQLValue(organization), SQLValue(channel)] + hours.map { SQLValue($0) }
        ) { row in (row.integer(0), DeliveryTally(row)) }
        return Dictionary(found) { $1 }
    }

    private static let names =
        ["delivered", "failed_attempts", "failed"] + (1...DeliveryTally.spans.count + 1).map { "span_\($0)" }
    private static let columns = names.joined(separator: ", ")
    private static let places = names.indices.map { "$\($0 + 4)" }.joined(separator: ", ")
    /// A count that is out of all proportion was damaged, and stays as it is: no result must fail because of it.
    private static let sums = names.map { name in
        "\(name) = channel_hours.\(name) + CASE WHEN channel_hours.\(name) < \(1 << 40) THEN excluded.\(name) ELSE 0 END"
    }.joined(separator: ", ")
    static let addingTally = """
        INSERT INTO channel_hours (organization_id, hour, channel_id, \(columns)) VALUES ($1, $2, $3, \(places))
        ON CONFLICT (organization_id, hour, channel_id) DO UPDATE SET \(sums)
        """
}

extension DeliveryTally {
    /// The hour, and the columns in their order.
    fileprivate init(_ row: any SQLRow) {
        self.init()
        delivered = row.count(1)
        failedAttempts = row.count(2)
        failed = row.count(3)
        for place in arrivals.indices { arrivals[place] = row.count(4 + place) }
    }
}

extension Timestamp {
    /// Whole hours since 1970.
    var hour: Int64 { seconds / 3600 }
}
