import Notifications

extension Repository {
    /// What became of a channel's deliveries, or of those of all channels if nil: 168 rows by key, whatever there is.
    package func figures(
        of channel: ChannelID?, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> DeliveryFigures {
        try await look(organization, .read, "channel.read", as: principal) { transaction throws(RepositoryError) in
            let newest = transaction.at.hour
            let hours = try (newest - Int64(DeliveryFigures.length) + 1...newest).map { hour throws(RepositoryError) in
                DeliveryFigures.Hour(
                    start: Timestamp(seconds: hour * 3600),
                    tally: try transaction.tally(of: channel ?? Transaction.allChannels, inHour: hour)
                        ?? DeliveryTally())
            }
            return DeliveryFigures(hours: hours, waiting: try transaction.waiting(for: channel))
        }
    }
}

extension Transaction {
    fileprivate func waiting(for channel: ChannelID?) throws(RepositoryError) -> DeliveryFigures.Waiting {
        let finder = try DeliveryFinder(
            transaction: self, filter: DeliveryFilter(state: .due, channelID: channel))
        guard let due = try finder.everyDue() else { return .many(moreThan: ListLimits.fewRows) }
        return due.min().map { .some(due.count, since: $0.time) } ?? .nothing
    }
}
