import Notifications

extension Repository {
    /// Sends nothing to the channel until it is resumed; accepted events wait. Throws `staleVersion` unless `version` is
    /// nil or the saved one, and `conflict` if it is not enabled.
    package func pauseChannel(
        _ id: ChannelID, of organization: OrganizationID, version: Int64? = nil, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await change(organization, .administer, "channel.pause", as: principal) {
            transaction throws(RepositoryError) in
            let before = try transaction.channel(id, version: version)
            guard before.state == .enabled else {
                throw .conflict("The channel is \(before.state.rawValue); only an enabled one can be paused.")
            }
            var after = before
            after.state = .paused
            return try transaction.save(after, replacing: before, action: "channel.paused")
        }
    }

    /// Resumes sending, oldest waiting deliveries first and paced so as not to overload the receiver. Waiting
    /// deliveries of events received before `skipOlderThan` are skipped. Throws `staleVersion` unless `version` is nil or
    /// the saved one, and `conflict` if the channel is not paused.
    package func resumeChannel(
        _ id: ChannelID, of organization: OrganizationID, version: Int64? = nil, skipOlderThan: Timestamp?,
        as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await change(organization, .administer, "channel.resume", as: principal) {
            transaction throws(RepositoryError) in
            let before = try transaction.channel(id, version: version)
            guard before.state == .paused else {
                throw .conflict("The channel is \(before.state.rawValue); only a paused one can be resumed.")
            }
            let piece = try transaction.settle(
                id, .resumed, skipBefore: skipOlderThan, spacing: before.spacing)
            var more = JSONObject()
            if let skipOlderThan {
                more["skip_older_than"] = JSONValue(skipOlderThan)
                more["skipped"] = piece.count(\.settled)
            }
            more["released"] = piece.count(\.released)
            var after = before
            after.state = .enabled
            return try transaction.save(after, replacing: before, action: "channel.resumed", more: more)
        }
    }
}

extension Channel {
    /// The interval between waiting deliveries: five per second, or the channel's own rate if that is slower.
    var spacing: Duration {
        let own = maxPerMinute.map { Duration.seconds(60) / $0 } ?? .zero
        return max(own, .milliseconds(200))
    }
}
