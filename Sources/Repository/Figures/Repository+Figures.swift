import Notifications

extension Repository {
    /// What became of a channel's deliveries, or of those of all channels if nil: at most 168 rows by key, whatever there
    /// is.
    package func figures(
        of channel: ChannelID?, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> DeliveryFigures {
        try await look(organization, .read, "channel.read", as: principal) { transaction throws(RepositoryError) in
            let newest = transaction.at.hour
            let shown = newest - Int64(DeliveryFigures.length) + 1...newest
            let tallies = try transaction.tallies(of: channel ?? Transaction.allChannels, in: shown)
            return DeliveryFigures(
                hours: shown.map { hour in
                    DeliveryFigures.Hour(
                        start: Timestamp(seconds: hour * 3600), tally: tallies[hour] ?? DeliveryTally())
                }, waiting: try transaction.waiting(for: channel))
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
