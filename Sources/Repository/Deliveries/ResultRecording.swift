import Crypto
import Notifications

/// Writes the results of attempts: statement by statement for all of them, so that all wait for the database as often as
/// one, and only what follows from a failure result by result. Rows that nodes share are written in one order, so that
/// two nodes do not wait for each other.
struct ResultRecording {
    private let transactions: [OrganizationID: Transaction]
    /// Gets the keys that were looked up.
    private(set) var keys: [OrganizationID: SymmetricKey] = [:]
    private var health = KnownHealth()

    /// - Parameter transactions: of the results' organizations.
    init(_ transactions: [OrganizationID: Transaction]) {
        self.transactions = transactions
    }

    /// See `DeliveryStore.progress`.
    ///
    /// - Parameter answers: of the attempts, already encrypted; nil where the key was not known.
    mutating func record(
        _ results: [DeliveryResult], answers: [SQLValue?]
    ) throws(RepositoryError) -> [Recorded] {
        guard let connection = transactions.values.first?.connection else { return [] }
        let awaited = try connection.areAwaited(results.map(\.delivery))
        let isOurs = try finish(results, on: connection)
        try insertAttempts(
            zip(results, answers).enumerated().filter { isOurs[$0.offset] }.map(\.element), on: connection)
        health = try connection.health(of: zip(results, isOurs).filter(\.1).map(\.0.delivery.queue))
        var tallies = ResultTallies()
        var recorded: [Recorded] = []
        for (index, result) in results.enumerated() {
            guard isOurs[index] else {
                recorded.append(Recorded(isOurs: false, due: []))
                continue
            }
            tallies.note(result)
            recorded.append(try follow(result, isAwaited: awaited[index]))
        }
        try noteArrivals(on: connection)
        try add(tallies, on: connection)
        return recorded
    }

    /// Whether each lease belongs to this process still.
    private func finish(
        _ results: [DeliveryResult], on connection: any SQLConnection
    ) throws(RepositoryError) -> [Bool] {
        try connection.executeMany(
            """
            UPDATE deliveries SET state = $4, reason = $5, due_at = coalesce($6, due_at), lease_owner = NULL,
                lease_until = NULL, interruptions = 0, attempts = attempts - $8, updated_at = $7
            WHERE organization_id = $1 AND delivery_id = $2 AND fencing_token = $3 AND state = 'claimed'
            """,
            results.compactMap { result in here(result)?.valuesToFinish(result) }
        ).map { $0 == 1 }
    }

    private mutating func insertAttempts(
        _ results: [(DeliveryResult, SQLValue?)], on connection: any SQLConnection
    ) throws(RepositoryError) {
        var rows: [[SQLValue]] = []
        for (result, answer) in results where result.outcome.isAttempt {
            guard let here = here(result) else { continue }
            let sealed =
                if let answer { answer } else {
                    try here.sealedAnswer(of: result.attempt, result.delivery.id, &keys)
                }
            rows.append(here.values(of: result.attempt, answer: sealed, result.delivery.id))
        }
        try connection.executeMany(Transaction.insertingAttempt, rows)
    }

    /// What follows from a result for the delivery's run, its channel and other deliveries.
    private mutating func follow(_ result: DeliveryResult, isAwaited: Bool) throws(RepositoryError) -> Recorded {
        let queue = result.delivery.queue
        guard let here = here(result) else { return Recorded(isOurs: false, due: []) }
        try here.remember(result.message, of: result.delivery)
        let (reopens, consequence) = try here.noteHealth(result, &health)
        var due: [DueQueue] = []
        if let delay = result.outcome.delay { due.append(DueQueue(queue: queue, dueAt: here.due + delay)) }
        // The end of a run waited for its start, and other deliveries for a circuit.
        if isAwaited && result.outcome.isAttempt || reopens { due.append(DueQueue(queue: queue, dueAt: here.due)) }
        if let told = try here.draw(consequence, at: queue.channelID) {
            due.append(DueQueue(queue: told, dueAt: here.due))
        }
        return Recorded(isOurs: true, due: due)
    }

    /// A message has just arrived at these channels.
    private func noteArrivals(on connection: any SQLConnection) throws(RepositoryError) {
        try connection.executeMany(
            """
            INSERT INTO channel_health (organization_id, channel_id, last_success_at) VALUES ($1, $2, $3)
            ON CONFLICT (organization_id, channel_id) DO UPDATE SET last_success_at = $3
            """,
            health.arrivals.sorted { $0.channelID < $1.channelID }.map { queue in
                let at = transactions[queue.organizationID]?.at
                return [SQLValue(queue.organizationID), SQLValue(queue.channelID), SQLValue(at)]
            })
    }

    private func add(_ tallies: ResultTallies, on connection: any SQLConnection) throws(RepositoryError) {
        let ofChannels = tallies.channels.sorted { $0.key.channelID < $1.key.channelID }.compactMap { queue, tally in
            transactions[queue.organizationID]?.values(of: tally, queue.channelID)
        }
        let ofOrganizations = tallies.organizations.sorted { $0.key < $1.key }.compactMap { organization, tally in
            transactions[organization]?.values(of: tally, Transaction.allChannels)
        }
        try connection.executeMany(Transaction.addingTally, ofChannels + ofOrganizations)
    }

    private func here(_ result: DeliveryResult) -> Transaction? { transactions[result.delivery.queue.organizationID] }
}

extension SQLConnection {
    fileprivate func health(of queues: [ChannelQueue]) throws(RepositoryError) -> KnownHealth {
        let distinct = Array(Set(queues))
        let found = try row(
            Transaction.healthOfChannel, each: distinct.map { [SQLValue($0.organizationID), SQLValue($0.channelID)] }
        ) { row in ChannelHealth(row) }
        var known = KnownHealth()
        for (queue, health) in zip(distinct, found) { known.health[queue] = health ?? ChannelHealth() }
        return known
    }
}
