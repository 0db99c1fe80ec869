import Notifications

/// What the requests of a delivery's attempts were made of.
package struct RequestMakings: Sendable {
    package let kind: String
    package let runLinkTemplate: RunLinkTemplate?
    /// The settings of those versions of the channel that are still kept and can be read, unmasked.
    package let settings: [Int64: ChannelSettings]
    /// At the end of a run, the service's id of the message about its start.
    package let startedMessage: String?
    /// At the start of a run, the end that was sent instead from its receipt on.
    package let endedRun: EndedRun?
}

extension Repository {
    /// What makes the requests of some attempts again. Nil if the channel was removed: its settings have been erased.
    package func requestMakings(
        of attempts: [Attempt], of delivery: Delivery, _ content: EventContent, as principal: Principal
    ) async throws(RepositoryError) -> RequestMakings? {
        let versions = Set(attempts.compactMap(\.channelVersion)).sorted()
        return try await look(delivery.organizationID, .administer, "channel.preview", as: principal) {
            transaction throws(RepositoryError) in
            guard let channel = try transaction.channelIfThere(delivery.channelID) else { return nil }
            var settings: [Int64: ChannelSettings] = [:]
            for version in versions { settings[version] = try transaction.settings(ofVersion: version, of: channel.id) }
            return RequestMakings(
                kind: channel.kind,
                runLinkTemplate: try Organization.get(transaction.organization, on: transaction.connection)
                    .runLinkTemplate,
                settings: settings, startedMessage: try transaction.startedMessage(for: content, at: channel)?.id,
                endedRun: try transaction.endedRun(of: content, delivery.eventID, at: channel))
        }
    }
}

extension Transaction {
    /// Nil if they are no longer kept or cannot be read.
    fileprivate func settings(
        ofVersion version: Int64, of channel: ChannelID
    ) throws(RepositoryError) -> ChannelSettings? {
        let sealed = try connection.row(
            """
            SELECT settings FROM channel_revisions WHERE organization_id = $1 AND channel_id = $2 AND version = $3
            """, [SQLValue(organization), SQLValue(channel), SQLValue(version)]
        ) { row in row.blob(0) }
        guard let sealed, !sealed.isEmpty else { return nil }
        do throws(RepositoryError) {
            return try settings(sealed, place: .revision(version, of: channel, organization: organization))
        } catch .unreadable {
            return nil
        }
    }
}
