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
        /// What is due, and more if there is.
        var due: [DeliveryLease] = []
        /// What has been leased.
        var leased: [DeliveryLease] = []

        var leases: ArraySlice<DeliveryLease> { due.prefix(count) }
        /// Nil if it has not been seen.
        var nextDueAt: Timestamp? { due.dropFirst(count).first?.dueAt }
        var key: [SQLValue] { [SQLValue(channel.organizationID), SQLValue(channel.id)] }
    }

    /// What is known of a request's channel.
    private struct Known {
        var channel: Channel?
        var health = ChannelHealth()
        /// The oldest due deliveries, and one more, which says when the next one is due.
        var due: [DeliveryLease] = []
        /// Ends among them have to wait for the start of their run.
        var hasWaitingEnds = false
    }

    /// One claim for each request. No two may be of the same channel.
    ///
    /// - Parameter steps: what has to be written before.
    func claim(_ requests: [ClaimRequest], after steps: [SQLStep]) throws(RepositoryError) -> [QueueClaim] {
        var claims = requests.map { QueueClaim(queue: $0.queue, host: nil, deliveries: [], nextDueAt: nil) }
        let known = try look(at: requests, after: steps)
        var open: [Open] = []
        for (index, request) in requests.enumerated() {
            if let channel = try self.open(request, index, known[index], &claims[index]) { open.append(channel) }
        }
        let found = try lease(&open, &claims)
        for channel in open { try claimed(channel, found, &claims[channel.index]) }
        return claims
    }

    private func look(at requests: [ClaimRequest], after steps: [SQLStep]) throws(RepositoryError) -> [Known] {
        var isNodeThere = false
        var known = [Known](repeating: Known(), count: requests.count)
        let keys = requests.map(\.queue.values)
        let due = requests.map { valuesOfDue($0.queue, atMost: $0.limit) }
        let more = requests.map { valuesOfDue($0.queue, atMost: $0.limit + 1) }
        try connection.together(
            steps + [
                SQLStep(asking: Transaction.node, [[SQLValue(owner)]]) { _, _ in isNodeThere = true },
                SQLStep(asking: Transaction.channelThatIsThere, keys) { (number, row) throws(RepositoryError) in
                    known[number].channel = try transactions[requests[number].queue.organizationID]?.keptChannel(row)
                },
                SQLStep(asking: Transaction.healthOfChannel, keys) { number, row in
                    known[number].health = ChannelHealth(row)
                },
                SQLStep(asking: Transaction.waitingEnds, due) { number, _ in known[number].hasWaitingEnds = true },
                SQLStep(asking: Transaction.claimable, more) { number, row in
                    known[number].due.append(DeliveryLease(row))
                },
            ])
        guard isNodeThere else { throw .unavailable("this node was taken for gone") }
        return known
    }

    /// The values of a statement about what is due.
    private func valuesOfDue(_ queue: ChannelQueue, atMost count: Int) -> [SQLValue] {
        queue.values + [SQLValue(transactions[queue.organizationID]?.due), SQLValue(count)]
    }

    /// Nil if nothing is sent to the channel. Its rate and its receiver's health say how much may be claimed. Ends that have
    /// to wait for the start of their run are set aside; where these are too many for one transaction, nothing is claimed in
    /// this one.
    private func open(
        _ request: ClaimRequest, _ index: Int, _ known: Known, _ claim: inout QueueClaim
    ) throws(RepositoryError) -> Open? {
        guard let here = transactions[request.queue.organizationID],
            let channel = try here.isSentTo(known.channel, request.queue.channelID, &claim)
        else { return nil }
        var open = Open(
            index: index, channel: channel, transaction: here, health: known.health,
            count: known.health.count(at: here.due, rate: channel.rate, wanted: request.limit), due: known.due)
        if open.count > 0, known.hasWaitingEnds {
            let areAside = try here.setEndsAside(at: channel.id, among: open.count)
            let values = valuesOfDue(request.queue, atMost: open.count + 1)
            open.due = areAside ? try connection.rows(Transaction.claimable, values, read: DeliveryLease.init) : []
        }
        return open
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
                asking: FoundContent.statement,
                events.map { [SQLValue($0.organization), SQLValue($0.event)] }
            ) { number, row in
                found.contents[events[number].event] = FoundContent(row)
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
    /// How many may be claimed.
    fileprivate func count(at now: Timestamp, rate: SendingRate?, wanted: Int) -> Int {
        if case .now(let most) = allowance(at: now, rate: rate, wanted: wanted) { most } else { 0 }
    }

    /// When something with this due time may be claimed.
    fileprivate func earliest(_ dueAt: Timestamp, at now: Timestamp, rate: SendingRate?) -> Timestamp {
        if case .after(let time) = allowance(at: now, rate: rate, wanted: 1) { max(dueAt, time) } else { dueAt }
    }
}
