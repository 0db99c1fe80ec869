import Notifications

extension Transaction {
    /// Sends another channel's alert to the organization's fallback channel, as an event with one delivery, whatever
    /// that channel subscribes to. Returns the queue that has something due, or nil if there is no fallback channel to
    /// tell. A kind that has nothing to say about alerts skips it.
    func tellFallback(
        of alert: ChannelAlert.Kind, at channel: Channel, because finding: Finding
    ) throws(RepositoryError) -> ChannelQueue? {
        guard let fallback = try fallback(), fallback.id != channel.id, fallback.state != .disabled else { return nil }
        let since = try health(of: channel.id).failingSince.map { at - (due - $0) } ?? at
        let content = EventContent.channelAlert(ChannelAlert(alert, at: channel, finding: finding, since: since))
        let decline = fallback.knownKind?.declines(content).map(SkipReason.declined)
        let addressee = Addressee(
            channel: fallback.id, host: fallback.host, reasonToSkip: decline,
            generation: try generation(of: fallback.id), version: fallback.version, isSentNow: false)
        try insert(content, to: addressee)
        return ChannelQueue(organizationID: organization, channelID: fallback.id)
    }

    private func fallback() throws(RepositoryError) -> Channel? {
        let id = try connection.row(
            "SELECT fallback_channel_id FROM organizations WHERE organization_id = $1", [SQLValue(organization)]
        ) { row in row.optionalID(0) as ChannelID? }
        guard let id = id ?? nil else { return nil }
        return try channelIfThere(id)
    }
}
