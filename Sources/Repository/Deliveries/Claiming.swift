import Notifications

/// Claims what channels may be sent now, statement by statement for all of them, so that all wait for the database as often
/// as one.
struct Claiming {
    private let transactions: [OrganizationID: Transaction]
    private let connection: any SQLConnection
    private let owner: String
    private let lease: Duration

    /// - Parameter transactions: of the requests' organizations; one at least.
    init?(_ transactions: [OrganizationID: Transaction], owner: String, lease: Duration) {
        guard let connection = transactions.values.first?.connection else { return nil }
        self.transactions = transactions
        self.connection = connection
        self.owner = owner
        self.lease = lease
    }

    /// A channel that messages are sent to.
    private struct Open {
        /// Of its request.
        let index: Int
        let channel: Channel
        let transaction: Transaction
        let health: ChannelHealth
        /// How many may be claimed now.
        let count: Int
        /// What is due, and one more if there is.
        var due: [DeliveryLease] = []
        /// What has been leased.
        var leased: [DeliveryLease] = []

        var leases: ArraySlice<DeliveryLease> { due.prefix(count) }
        /// Nil if it has not been seen.
        var nextDueAt: Timestamp? { due.dropFirst(count).first?.dueAt }
        var key: [SQLValue] { [SQLValue(channel.organizationID), SQLValue(channel.id)] }

        /// The values of a statement about what is due.
        func values(with limit: Int) -> [SQLValue] { key + [SQLValue(transaction.due), SQLValue(limit)] }
    }

    /// One claim for each request. No two may be of the same channel.
    func claim(_ requests: [ClaimRequest]) throws(RepositoryError) -> [QueueClaim] {
        var claims = requests.map { QueueClaim(queue: $0.queue, host: nil, deliveries: [], nextDueAt: nil) }
        var open = try open(requests, &claims)
        try findDue(&open)
        let found = try lease(&open, &claims)
        for channel in open { try claimed(channel, found, &claims[channel.index]) }
        return claims
    }

    /// The channels to which something may be sent, given their rates and their receivers' health.
    private func open(
        _ requests: [ClaimRequest], _ claims: inout [QueueClaim]
    ) throws(RepositoryError) -> [Open] {
        var isNodeThere = false
        var channels = [Channel?](repeating: nil, count: requests.count)
        var healths = [ChannelHealth](repeating: ChannelHealth(), count: requests.count)
        let keys = requests.map(\.queue.values)
        try connection.together([
            SQLStep(asking: Transaction.node, [[SQLValue(owner)]]) { _, _ in isNodeThere = true },
            SQLStep(asking: Transaction.channelThatIsThere, keys) { (number, row) throws(RepositoryError) in
                channels[number] = try transactions[requests[number].queue.organizationID]?.keptChannel(row)
            },
            SQLStep(asking: Transaction.healthOfChannel, keys) { number, row in healths[number] = ChannelHealth(row) },
        ])
        guard isNodeThere else { throw .unavailable("this node was taken for gone") }
        var open: [Open] = []
        for (index, request) in requests.enumerated() {
            guard let here = transactions[request.queue.organizationID],
                let channel = try here.isSentTo(channels[index], request.queue.channelID, &claims[index])
            else { continue }
            let health = healths[index]
            var count = 0
            if case .now(let most) = health.allowance(at: here.due, rate: channel.rate, wanted: request.limit) {
                count = most
            }
            open.append(Open(index: index, channel: channel, transaction: here, health: health, count: count))
        }
        return open
    }

    /// The oldest due deliveries, and one more, which says when the next one is due. Ends that have to wait for the start
    /// of their run are set aside before; where these are too many for one transaction, nothing is claimed in this one.
    private func findDue(_ open: inout [Open]) throws(RepositoryError) {
        let looking = open.indices.filter { open[$0].count > 0 }
        var found = [[DeliveryLease]](repeating: [], count: open.count)
        var waiting: Set<Int> = []
        try connection.together([
            SQLStep(asking: Transaction.waitingEnds, looking.map { open[$0].values(with: open[$0].count) }) {
                number, _ in waiting.insert(looking[number])
            },
            SQLStep(asking: Transaction.claimable, looking.map { open[$0].values(with: open[$0].count + 1) }) {
                number, row in found[looking[number]].append(DeliveryLease(row))
            },
        ])
        for place in waiting.sorted() {
            let channel = open[place]
            if try channel.transaction.setEndsAside(at: channel.channel.id, among: channel.count) {
                found[place] = try connection.rows(
                    Transaction.claimable, channel.values(with: channel.count + 1), read: DeliveryLease.init)
            } else {
                found[place] = []
            }
        }
        for place in looking { open[place].due = found[place] }
    }

    /// What the claimed deliveries need to be sent.
    private struct Found {
        var contents: [EventID: FoundContent] = [:]
        var links: [OrganizationID: RunLinkTemplate] = [:]
    }

    /// Leases what is due, and looks up when the next one is due where that has not been seen.
    ///
    /// An update that returns its rows would need a temporary table, which costs more than a look-up and an update by key.
    private func lease(
        _ open: inout [Open], _ claims: inout [QueueClaim]
    ) throws(RepositoryError) -> Found {
        var found = Found()
        let events = keptContents(of: open, &found)
        let organizations = Set(open.filter { !$0.leases.isEmpty }.map(\.channel.organizationID)).sorted()
        var changed: ArraySlice<Int> = []
        var next = open.map(\.nextDueAt)
        let unknown = open.indices.filter { next[$0] == nil }
        try connection.together([
            SQLStep(Transaction.leasing, open.flatMap(valuesOfLeases)) { changed = $0[...] },
            SQLStep(
                asking: "SELECT payload, user_name FROM events WHERE organization_id = $1 AND event_id = $2",
                events.map { [SQLValue($0.organization), SQLValue($0.event)] }
            ) { number, row in
                found.contents[events[number].event] = .stored(payload: row.text(0), userName: row.optionalText(1))
            },
            SQLStep(
                asking: "SELECT run_link_template FROM organizations WHERE organization_id = $1",
                organizations.map { [SQLValue($0)] }
            ) { number, row in
                found.links[organizations[number]] = row.optionalText(0).flatMap(RunLinkTemplate.init)
            },
            SQLStep(asking: Transaction.nextDue, unknown.map { open[$0].key }) { number, row in
                next[unknown[number]] = row.time(0)
            },
        ])
        for place in open.indices {
            open[place].leased = open[place].leases.filter { _ in changed.popFirst() == 1 }
            claims[open[place].index].nextDueAt = next[place]
        }
        return found
    }

    /// Takes contents that are kept. Returns the events that have to be read.
    private func keptContents(
        of open: [Open], _ found: inout Found
    ) -> [(organization: OrganizationID, event: EventID)] {
        var wanted: [(organization: OrganizationID, event: EventID)] = []
        var seen: Set<EventID> = []
        for channel in open {
            let organization = channel.channel.organizationID
            for lease in channel.leases where seen.insert(lease.event).inserted {
                let kept = channel.transaction.kept.contents.content(of: lease.event, in: organization)
                found.contents[lease.event] = kept.map(FoundContent.kept)
                if kept == nil { wanted.append((organization, lease.event)) }
            }
        }
        return wanted
    }

    private func valuesOfLeases(_ open: Open) -> [[SQLValue]] {
        let until = open.transaction.due + lease
        return open.leases.map { lease in
            [
                SQLValue(open.channel.organizationID), SQLValue(lease.delivery), SQLValue(owner), SQLValue(until),
                SQLValue(open.transaction.at), SQLValue(lease.token),
            ]
        }
    }

    private func claimed(
        _ open: Open, _ found: Found, _ claim: inout QueueClaim
    ) throws(RepositoryError) {
        let (here, rate) = (open.transaction, open.channel.rate)
        claim.host = open.channel.host
        claim.deliveries = try here.deliveries(
            open.leased, of: open.channel, found.contents, link: found.links[open.channel.organizationID],
            isProbe: open.health.circuit != nil)
        claim.setAside = open.leased.count - claim.deliveries.count
        // The end of a run may have waited for the start that was set aside.
        if claim.setAside > 0 {
            claim.nextDueAt = try here.connection.row(Transaction.nextDue, open.key) { row in row.time(0) }
        }
        var health = open.health
        health.claimed(claim.deliveries.count, at: here.due, rate: rate)
        try here.save(health, of: open.channel.id, replacing: open.health)
        claim.nextDueAt = claim.nextDueAt.map { health.earliest($0, at: here.due, rate: rate) }
    }
}

extension ChannelHealth {
    /// When something with this due time may be claimed.
    fileprivate func earliest(_ dueAt: Timestamp, at now: Timestamp, rate: SendingRate?) -> Timestamp {
        if case .after(let time) = allowance(at: now, rate: rate, wanted: 1) { max(dueAt, time) } else { dueAt }
    }
}
