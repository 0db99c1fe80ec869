import Notifications

/// Finds the deliveries of a list, newest first, using the index that best fits the filter. An index for every filter
/// would have to be written with every delivery, so there are three ways:
///
/// - few: deliveries of one event, of one run, in flight or due. All of them are read, if they are few;
/// - failed or cancelled: along an index of its own, which costs something only when a delivery fails or is cancelled;
/// - everything else: along all deliveries, up to `ListLimits.rowsLookedAt`.
struct DeliveryFinder {
    let transaction: Transaction
    let filter: DeliveryFilter
    /// Rows may differ from what has been decided on them, in which case no index knows their state.
    private let isSettling: Bool

    init(transaction: Transaction, filter: DeliveryFilter) throws(RepositoryError) {
        self.transaction = transaction
        self.filter = filter
        isSettling = filter.state == nil ? false : try transaction.isSettling()
    }

    func page(_ request: PageRequest) throws(RepositoryError) -> Page<DeliveryID> {
        let start = try request.id(of: Delivery.self)
        // Ids sort by creation time.
        let end = filter.until.map { DeliveryID.lowest(at: $0) }
        let upper = [start, end].compactMap { $0 }.min()
        if let few = try few() { return try pick(request.limit, of: few, below: upper) }
        return try walk.page(request.limit, below: upper, on: transaction.connection)
    }

    private var organization: SQLValue { SQLValue(transaction.organization) }
    private var first: DeliveryID? { filter.since.map { DeliveryID.lowest(at: $0) } }

    /// The conditions that an index may not cover.
    private var conditions: [ColumnCondition] {
        let run: StaticString = """
            (SELECT e.load_test_run_id FROM events e
                WHERE e.organization_id = deliveries.organization_id AND e.event_id = deliveries.event_id)
            """
        return [
            ColumnCondition("channel_id", "=", filter.channelID.map { SQLValue($0) }),
            ColumnCondition("event_id", "=", filter.eventID.map { SQLValue($0) }),
            ColumnCondition(run, "=", filter.runID.map { SQLValue($0) }),
        ].compactMap { $0 }
    }

    /// Bound as a value rather than written as a literal, so that it selects no partial index, such as that of due
    /// deliveries, which has another order.
    private var ofState: [ColumnCondition] {
        if isSettling, let state = filter.state { return [ColumnCondition(settled: state)] }
        return [ColumnCondition("state", "=", filter.state.map { .text($0.rawValue) })].compactMap { $0 }
    }
}

/// Lists along an index.
extension DeliveryFinder {
    private var walk: ListWalk<DeliveryID> {
        var along = Conditions(organization: transaction.organization)
        var wanted = conditions
        switch filter.state {
        case .failed where !isSettling: along.add("state = 'failed'")
        case .cancelled where !isSettling: along.add("state = 'cancelled'")
        default: wanted += ofState
        }
        return ListWalk(table: "deliveries", place: "delivery_id", along: along, wanted: wanted, first: first)
    }
}

/// Lists through other indexes.
extension DeliveryFinder {
    /// All candidates; nil if there are many.
    private func few() throws(RepositoryError) -> [DeliveryID]? {
        if let event = filter.eventID, let few = try few(of: event) { return few }
        if let run = filter.runID, let few = try few(of: run) { return few }
        switch filter.state {
        case .claimed: return try claimed()
        case .due: return try due()
        default: return nil
        }
    }

    /// Everything that is due, now or later; nil if there is much. For a filter of that state.
    func everyDue() throws(RepositoryError) -> [DeliveryID]? {
        guard let due = try due() else { return nil }
        return try pick(ListLimits.fewRows, of: due, below: nil).items
    }

    private func few(of event: EventID) throws(RepositoryError) -> [DeliveryID]? {
        try few(
            """
            SELECT delivery_id FROM deliveries
            WHERE organization_id = $1 AND event_id = $2 AND \(PlannerHint.any("channel_id", from: "$3"))
            """, [organization, SQLValue(event), SQLValue(ChannelID.least)])
    }

    private func few(of run: LoadTestRunID) throws(RepositoryError) -> [DeliveryID]? {
        try few(
            """
            SELECT d.delivery_id FROM events e \(PlannerHint.joinInOrder) deliveries d
            WHERE e.organization_id = $1 AND e.load_test_run_id = $2
                AND d.organization_id = $1 AND d.event_id = e.event_id
                AND \(PlannerHint.any("d.channel_id", from: "$3"))
            """, [organization, SQLValue(run), SQLValue(ChannelID.least)])
    }

    /// Across all organizations, no more are in flight than `DeliveryLimits` allows.
    private func claimed() throws(RepositoryError) -> [DeliveryID]? {
        try few(
            """
            WITH claimed AS MATERIALIZED (
                SELECT organization_id, delivery_id FROM deliveries WHERE state = 'claimed' AND lease_until >= 0)
            SELECT delivery_id FROM claimed WHERE organization_id = $1
            """, [organization])
    }

    private func due() throws(RepositoryError) -> [DeliveryID]? {
        guard let channel = filter.channelID else {
            let any = PlannerHint.any("channel_id", from: "$2")
            return try due(any, [organization, SQLValue(ChannelID.least)])
        }
        return try due("channel_id = $2 AND generation >= 0", [organization, SQLValue(channel)])
    }

    /// Deliveries waiting for the start of their run have their own index.
    private func due(_ which: String, _ values: [SQLValue]) throws(RepositoryError) -> [DeliveryID]? {
        let due = "SELECT delivery_id FROM deliveries WHERE organization_id = $1 AND state = 'due' AND \(which)"
        return try few("\(due) AND waits_for IS NULL UNION ALL \(due) AND waits_for IS NOT NULL", values)
    }

    private func few(_ statement: String, _ values: [SQLValue]) throws(RepositoryError) -> [DeliveryID]? {
        let ids = try transaction.connection.rows(
            "\(statement) LIMIT \(ListLimits.fewRows + 1)", values
        ) { row in DeliveryID(row) }
        return ids.count > ListLimits.fewRows ? nil : ids
    }

    /// Those that match the whole filter, in the list's order.
    private func pick(
        _ limit: Int, of ids: [DeliveryID], below upper: DeliveryID?
    ) throws(RepositoryError) -> Page<DeliveryID> {
        let first = first
        var found: [DeliveryID] = []
        for id in ids.filter({ id in upper.map { id < $0 } ?? true && first.map { id >= $0 } ?? true }).sorted(by: >)
        where found.count <= limit {
            if try fits(id) { found.append(id) }
        }
        return Page(found, limit: limit) { $0.text }
    }

    /// If the filter has one condition, the index has already applied it. Others have to be looked up.
    private func fits(_ id: DeliveryID) throws(RepositoryError) -> Bool {
        let all = conditions + ofState
        guard isSettling || all.count > 1 else { return true }
        return try transaction.fits(id, all, place: "delivery_id", of: "deliveries")
    }
}
