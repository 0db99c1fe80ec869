import Notifications

/// What accepting looks up, in one step for all postings of a body.
extension Transaction {
    /// Whether a channel is ready is asked before it is known which ones subscribe, unless so many may be that most answers
    /// would be of no use.
    private static let mostAskedAhead = 16

    /// What the postings have in common, and what was posted before under their keys.
    ///
    /// - Parameter steps: what else is looked up at the same time.
    func audience(
        of postings: some Sequence<Posting>, with steps: [SQLStep] = []
    ) throws(RepositoryError) -> EventAudience {
        let permitted = askedAhead(postings.compactMap(\.permit))
        var audience = EventAudience(readiness: Readiness(of: organization, from: permitted?.min() ?? .least))
        let users = Array(Set(postings.compactMap { $0.content.run?.userID }))
        let keys = Array(Set(postings.compactMap(\.idempotencyKey)))
        let own = [
            SQLStep(asking: Self.numberOfEvents, [[SQLValue(organization)]]) { _, row in
                audience.isThere = true
                audience.sequence = row.integer(0)
                audience.link = row.optionalText(1)
            },
            SQLStep(asking: Self.currentChannels, [[SQLValue(organization)]]) { _, row in
                audience.add(CurrentChannel(row))
            },
            SQLStep(asking: Self.userName, users.map { [SQLValue(organization), SQLValue($0)] }) { number, row in
                audience.userNames[users[number]] = row.optionalText(0)
            },
            SQLStep(
                asking: Self.earlierResult, keys.map { [SQLValue(organization), SQLValue($0), SQLValue(at)] }
            ) { number, row in
                audience.earlier[keys[number]] = (row.blob(0), earlierAcceptance(row))
            },
        ]
        var ahead: [SQLStep] = []
        if let permitted {
            let wanted = postings.filter { $0.permit?.channels.isEmpty == false }
            ahead = audience.readiness.steps(
                permitted, wanted.compactMap(\.permit?.owner), ended: wanted.compactMap(\.content.endedRun))
        }
        try connection.together(steps + own + ahead)
        return audience
    }

    /// All channels of the permits; nil if they are too many.
    private func askedAhead(_ permits: [ClaimPermit]) -> Set<ChannelID>? {
        var channels: Set<ChannelID> = []
        for permit in permits {
            guard permit.channels.count <= Self.mostAskedAhead else { return nil }
            channels.formUnion(permit.channels)
        }
        return channels.count <= Self.mostAskedAhead ? channels : nil
    }

    private static let currentChannels = """
        SELECT channel_id, host, subscription, state, generation, kind, version FROM channels
        WHERE organization_id = $1 AND state <> 'removed'
        """

    private static let userName = "SELECT display_name FROM members WHERE organization_id = $1 AND user_id = $2"
}

extension EventContent {
    /// The run that it ends.
    var endedRun: LoadTestRunID? { type == .testFinished ? run?.id : nil }
}

extension CurrentChannel {
    /// A row of `currentChannels`.
    fileprivate init(_ row: any SQLRow) {
        self.init(
            id: row.id(0), host: row.optionalText(1), subscription: row.text(2),
            state: ChannelState(rawValue: row.text(3)) ?? .disabled, generation: row.integer(4), kind: row.text(5),
            version: row.integer(6))
    }
}
