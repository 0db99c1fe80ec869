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
    /// What is still to be written: nothing that `record` looks at.
    private(set) var rest: [SQLStep] = []

    /// - Parameter transactions: of the results' organizations.
    init(_ transactions: [OrganizationID: Transaction]) {
        self.transactions = transactions
    }

    /// See `DeliveryStore.progress`. Leaves a rest to be written together with whatever comes next.
    ///
    /// - Parameter answers: of the attempts, already encrypted; nil where the key was not known.
    mutating func record(
        _ results: [DeliveryResult], answers: [SQLValue?]
    ) throws(RepositoryError) -> [Recorded] {
        guard let connection = transactions.values.first?.connection, !results.isEmpty else { return [] }
        let (isOurs, areAwaited) = try finish(results, on: connection)
        var tallies = ResultTallies()
        var recorded: [Recorded] = []
        for (index, result) in results.enumerated() {
            guard isOurs[index] else {
                recorded.append(Recorded(isOurs: false, due: []))
                continue
            }
            tallies.note(result)
            recorded.append(try follow(result, isAwaited: areAwaited[index]))
        }
        let attempts = try attempts(zip(results, answers).enumerated().filter { isOurs[$0.offset] }.map(\.element))
        rest = [
            SQLStep(Transaction.insertingAttempt, attempts), SQLStep(Transaction.notingArrival, arrivals),
            SQLStep(Transaction.addingTally, rows(of: tallies)),
        ]
        return recorded
    }

    /// Writes the new states. Returns whether each lease belongs to this process still, and whether an end had been set
    /// aside until the delivery is tried, which releases the end.
    private mutating func finish(
        _ results: [DeliveryResult], on connection: any SQLConnection
    ) throws(RepositoryError) -> (isOurs: [Bool], areAwaited: [Bool]) {
        let starts = results.indices.filter { results[$0].delivery.content.type == .testStarted }
        let queues = Array(Set(results.map(\.delivery.queue)))
        var changed: [Int] = []
        var areAwaited = [Bool](repeating: false, count: results.count)
        var healths: [ChannelQueue: ChannelHealth] = [:]
        try connection.together([
            SQLStep(asking: Transaction.waitingForStart, starts.map { results[$0].delivery.values }) { number, _ in
                areAwaited[starts[number]] = true
            },
            SQLStep(Transaction.finishing, results.compactMap { here($0)?.valuesToFinish($0) }) { changed = $0 },
            SQLStep(asking: Transaction.healthOfChannel, queues.map(\.values)) { number, row in
                healths[queues[number]] = ChannelHealth(row)
            },
        ])
        for queue in queues { health.health[queue] = healths[queue] ?? ChannelHealth() }
        return (changed.map { $0 == 1 }, areAwaited)
    }

    /// The rows of attempts.
    private mutating func attempts(
        _ results: [(DeliveryResult, SQLValue?)]
    ) throws(RepositoryError) -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        for (result, answer) in results where result.outcome.isAttempt {
            guard let here = here(result) else { continue }
            let sealed =
                if let answer { answer } else {
                    try here.sealedAnswer(of: result.attempt, result.delivery.id, &keys)
                }
            rows.append(here.values(of: result.attempt, answer: sealed, result.delivery.id))
        }
        return rows
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

    /// The channels at which a message has just arrived.
    private var arrivals: [[SQLValue]] {
        health.arrivals.sorted { $0.channelID < $1.channelID }.map { queue in
            queue.values + [SQLValue(transactions[queue.organizationID]?.at)]
        }
    }

    private func rows(of tallies: ResultTallies) -> [[SQLValue]] {
        let ofChannels = tallies.channels.sorted { $0.key.channelID < $1.key.channelID }.compactMap { queue, tally in
            transactions[queue.organizationID]?.values(of: tally, queue.channelID)
        }
        let ofOrganizations = tallies.organizations.sorted { $0.key < $1.key }.compactMap { organization, tally in
            transactions[organization]?.values(of: tally, Transaction.allChannels)
        }
        return ofChannels + ofOrganizations
    }

    private func here(_ result: DeliveryResult) -> Transaction? { transactions[result.delivery.queue.organizationID] }
}

extension ChannelQueue {
    /// The key of the channel.
    var values: [SQLValue] { [SQLValue(organizationID), SQLValue(channelID)] }
}

extension ClaimedDelivery {
    /// The key of the delivery.
    fileprivate var values: [SQLValue] { [SQLValue(queue.organizationID), SQLValue(id)] }
}
