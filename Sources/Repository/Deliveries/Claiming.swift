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
        let before: ChannelHealth
        var health: ChannelHealth
        /// How many may be claimed now.
        var count = 0
        var leases: [DeliveryLease] = []

        /// The values of a statement about what is due at the channel.
        func values(with count: Int) -> [SQLValue] {
            [SQLValue(channel.organizationID), SQLValue(channel.id), SQLValue(transaction.due), SQLValue(count)]
        }
    }

    /// One claim for each request. No two may be of the same channel.
    func claim(_ requests: [ClaimRequest]) throws(RepositoryError) -> [QueueClaim] {
        guard try connection.hasNode(owner) else { throw .unavailable("this node was taken for gone") }
        var claims = requests.map { QueueClaim(queue: $0.queue, host: nil, deliveries: [], nextDueAt: nil) }
        var open = try open(requests, &claims)
        try setEndsAside(&open)
        try lease(&open, &claims)
        let contents = try contents(of: open)
        for place in open.indices {
            try claimed(open[place], contents, &claims[open[place].index])
        }
        try findNextDue(of: open, &claims)
        return claims
    }

    /// The channels to which something may be sent, given their rates and their receivers' health.
    private func open(
        _ requests: [ClaimRequest], _ claims: inout [QueueClaim]
    ) throws(RepositoryError) -> [Open] {
        let found = try channels(of: requests)
        var channels: [(index: Int, channel: Channel, transaction: Transaction)] = []
        for (index, request) in requests.enumerated() {
            guard let here = transactions[request.queue.organizationID],
                let channel = try here.isSentTo(found[index], request.queue.channelID, &claims[index])
            else { continue }
            channels.append((index, channel, here))
        }
        let healths = try connection.row(
            Transaction.healthOfChannel,
            each: channels.map { [SQLValue($0.channel.organizationID), SQLValue($0.channel.id)] }
        ) { row in ChannelHealth(row) }
        return zip(channels, healths).map { found, health in
            let health = health ?? ChannelHealth()
            var open = Open(
                index: found.index, channel: found.channel, transaction: found.transaction, before: health,
                health: health)
            let wanted = requests[found.index].limit
            if case .now(let count) = health.allowance(
                at: open.transaction.due, rate: open.channel.rate, wanted: wanted)
            {
                open.count = count
            }
            return open
        }
    }

    private func channels(of requests: [ClaimRequest]) throws(RepositoryError) -> [Channel?] {
        var channels = [Channel?](repeating: nil, count: requests.count)
        try connection.forEachRow(
            Transaction.channelThatIsThere,
            each: requests.map { [SQLValue($0.queue.organizationID), SQLValue($0.queue.channelID)] }
        ) { (number, row) throws(RepositoryError) in
            channels[number] = try transactions[requests[number].queue.organizationID]?.keptChannel(row)
        }
        return channels
    }

    /// Where too many ends have to be set aside for one transaction, nothing is claimed in this one.
    private func setEndsAside(_ open: inout [Open]) throws(RepositoryError) {
        let looking = open.indices.filter { open[$0].count > 0 }
        var waiting: Set<Int> = []
        try connection.forEachRow(
            Transaction.waitingEnds, each: looking.map { open[$0].values(with: open[$0].count) }
        ) { number, _ in waiting.insert(looking[number]) }
        for place in waiting.sorted() {
            let isDone = try open[place].transaction.setEndsAside(at: open[place].channel.id, among: open[place].count)
            if !isDone { open[place].count = 0 }
        }
    }

    /// Leases the oldest due deliveries, and notes when the next one is due if that has been seen. Those that wait for the
    /// start of their run have been set aside already.
    ///
    /// An update that returns its rows would need a temporary table, which costs more than a look-up and an update by key.
    private func lease(_ open: inout [Open], _ claims: inout [QueueClaim]) throws(RepositoryError) {
        let looking = open.indices.filter { open[$0].count > 0 }
        try connection.forEachRow(
            Transaction.claimable, each: looking.map { open[$0].values(with: open[$0].count + 1) }
        ) { number, row in open[looking[number]].leases.append(DeliveryLease(row)) }
        var rows: [[SQLValue]] = []
        for place in looking {
            let channel = open[place]
            claims[channel.index].nextDueAt = channel.leases.dropFirst(channel.count).first?.dueAt
            open[place].leases = Array(channel.leases.prefix(channel.count))
            let until = channel.transaction.due + lease
            rows += open[place].leases.map { lease in
                [
                    SQLValue(channel.channel.organizationID), SQLValue(lease.delivery), SQLValue(owner),
                    SQLValue(until),
                    SQLValue(channel.transaction.at), SQLValue(lease.token),
                ]
            }
        }
        var changed = try connection.executeMany(Transaction.leasing, rows)[...]
        for place in looking { open[place].leases.removeAll { _ in changed.popFirst() != 1 } }
    }

    /// What the events say: as it is kept, or as it is stored.
    private func contents(of open: [Open]) throws(RepositoryError) -> [EventID: FoundContent] {
        var contents: [EventID: FoundContent] = [:]
        var wanted: [EventID: OrganizationID] = [:]
        for channel in open {
            for lease in channel.leases where contents[lease.event] == nil {
                let kept = channel.transaction.kept.contents.content(
                    of: lease.event, in: channel.channel.organizationID)
                contents[lease.event] = kept.map(FoundContent.kept)
                if kept == nil { wanted[lease.event] = channel.channel.organizationID }
            }
        }
        let events = Array(wanted)
        let found = try connection.row(
            "SELECT payload, user_name FROM events WHERE organization_id = $1 AND event_id = $2",
            each: events.map { [SQLValue($0.value), SQLValue($0.key)] }
        ) { row in FoundContent.stored(payload: row.text(0), userName: row.optionalText(1)) }
        for (event, content) in zip(events, found) { contents[event.key] = content }
        return contents
    }

    private func claimed(
        _ open: Open, _ contents: [EventID: FoundContent], _ claim: inout QueueClaim
    ) throws(RepositoryError) {
        claim.host = open.channel.host
        guard open.count > 0 else { return }
        let here = open.transaction
        claim.deliveries = try here.deliveries(
            open.leases, of: open.channel, contents, isProbe: open.health.circuit != nil)
        claim.setAside = open.leases.count - claim.deliveries.count
        var health = open.health
        health.claimed(claim.deliveries.count, at: here.due, rate: open.channel.rate)
        try here.save(health, of: open.channel.id, replacing: open.before)
    }

    /// For channels of which no further delivery has been seen.
    private func findNextDue(of open: [Open], _ claims: inout [QueueClaim]) throws(RepositoryError) {
        let unknown = open.filter { claims[$0.index].nextDueAt == nil }
        let found = try connection.row(
            Transaction.nextDue, each: unknown.map { [SQLValue($0.channel.organizationID), SQLValue($0.channel.id)] }
        ) { row in row.time(0) }
        for (channel, dueAt) in zip(unknown, found) { claims[channel.index].nextDueAt = dueAt }
        for channel in open {
            let (now, rate) = (channel.transaction.due, channel.channel.rate)
            var health = channel.health
            health.claimed(claims[channel.index].deliveries.count, at: now, rate: rate)
            claims[channel.index].nextDueAt = claims[channel.index].nextDueAt.map {
                health.earliest($0, at: now, rate: rate)
            }
        }
    }
}

extension ChannelHealth {
    /// When something with this due time may be claimed.
    fileprivate func earliest(_ dueAt: Timestamp, at now: Timestamp, rate: SendingRate?) -> Timestamp {
        if case .after(let time) = allowance(at: now, rate: rate, wanted: 1) { max(dueAt, time) } else { dueAt }
    }
}
