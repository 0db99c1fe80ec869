import Notifications

/// What one transaction has found out about where its events may be sent at once. Nothing is asked twice.
final class Readiness {
    private let organization: OrganizationID
    /// The least channel of interest.
    private let first: ChannelID
    private var healths: [ChannelID: ChannelHealth] = [:]
    private var nodes: [String: Bool] = [:]
    private var starts: [LoadTestRunID: Set<ChannelID>] = [:]

    init(of organization: OrganizationID, from first: ChannelID) {
        (self.organization, self.first) = (organization, first)
    }

    func health(of channel: ChannelID) -> ChannelHealth { healths[channel] ?? ChannelHealth() }

    /// Whether the node has a row.
    func isThere(_ node: String) -> Bool { nodes[node] ?? false }

    /// The channels at which a start of the run is still to be tried, by the rule of `openStart`.
    func channelsBeforeEnd(of run: LoadTestRunID) -> Set<ChannelID> { starts[run] ?? [] }

    /// A start was written.
    func forget(_ run: LoadTestRunID) { starts[run] = nil }

    /// Looks up what is not known.
    ///
    /// - Parameter ended: the runs of ends.
    func steps(
        _ channels: some Sequence<ChannelID>, _ nodes: some Sequence<String>, ended: some Sequence<LoadTestRunID>
    ) -> [SQLStep] {
        let channels = Array(Set(channels).subtracting(healths.keys))
        let nodes = Array(Set(nodes).subtracting(self.nodes.keys))
        let runs = Array(Set(ended).subtracting(starts.keys))
        for channel in channels { healths[channel] = ChannelHealth() }
        for node in nodes { self.nodes[node] = false }
        for run in runs { starts[run] = [] }
        return [
            SQLStep(
                asking: Transaction.healthOfChannel, channels.map { [SQLValue(organization), SQLValue($0)] }
            ) { number, row in self.healths[channels[number]] = ChannelHealth(row) },
            SQLStep(asking: Transaction.node, nodes.map { [SQLValue($0)] }) { number, _ in
                self.nodes[nodes[number]] = true
            },
            SQLStep(
                asking: Self.awaitingStart, runs.map { [SQLValue(organization), SQLValue($0), SQLValue(first)] }
            ) { number, row in self.starts[runs[number]]?.insert(row.id(0)) },
        ]
    }

    private static let awaitingStart = """
        SELECT b.channel_id FROM (
            SELECT s.event_id FROM events s
            WHERE s.organization_id = $1 AND s.load_test_run_id = $2 AND s.type = 'test.started'
            ORDER BY s.event_id DESC LIMIT 8) started
        \(PlannerHint.joinInOrder) deliveries b
        WHERE b.organization_id = $1 AND b.event_id = started.event_id AND b.channel_id >= $3
            AND b.state IN ('due', 'claimed') AND b.attempts <= 1
        """
}
