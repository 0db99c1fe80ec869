import Notifications

/// Finds the events of a list, newest first.
struct EventFinder {
    let transaction: Transaction
    let filter: EventFilter

    /// Ordered by sequence.
    func bySequence(_ request: PageRequest) throws(RepositoryError) -> Page<Int64> {
        let walk = ListWalk<Int64>(
            table: "events", place: "sequence", along: Conditions(organization: transaction.organization),
            wanted: ofType + ofRun)
        return try walk.page(request.limit, below: try request.sequence(), on: transaction.connection)
    }

    /// Ordered by id, which contains the time of receipt.
    func byID(_ request: PageRequest) throws(RepositoryError) -> Page<EventID> {
        let end = filter.until.map { EventID.lowest(at: $0) }
        let upper = [try request.id(of: Event.self), end].compactMap { $0 }.min()
        guard let run = filter.runID else {
            let walk = walk(along: Conditions(organization: transaction.organization), wanted: ofType + ofRun)
            return try walk.page(request.limit, below: upper, on: transaction.connection)
        }
        return try events(of: run, request.limit, below: upper)
    }

    private var ofType: [ColumnCondition] {
        [ColumnCondition("type", "=", filter.type.map { .text($0.rawValue) })].compactMap { $0 }
    }

    /// What it asks of the run.
    private var ofRun: [ColumnCondition] {
        let known = [
            ColumnCondition("status", among: filter.statuses?.map { .integer($0.code) }),
            ColumnCondition("project_id", "=", filter.projectID.map { SQLValue($0) }),
        ]
        return known.compactMap { $0 } + filter.words.map { ColumnCondition("search_name", holding: $0) }
    }

    private func walk(along: Conditions, wanted: [ColumnCondition] = []) -> ListWalk<EventID> {
        ListWalk(
            table: "events", place: "event_id", along: along, wanted: wanted,
            first: filter.since.map { EventID.lowest(at: $0) })
    }

    /// In the index of runs the type precedes the id, so this reads the newest of each type and takes the newest of
    /// those.
    private func events(
        of run: LoadTestRunID, _ limit: Int, below upper: EventID?
    ) throws(RepositoryError) -> Page<EventID> {
        var found: [EventID] = []
        for type in filter.type.map({ [$0] }) ?? EventType.allCases {
            var along = Conditions(organization: transaction.organization)
            along.add("load_test_run_id", "=", SQLValue(run))
            along.add("type", "=", .text(type.rawValue))
            found += try newest(limit + 1, of: walk(along: along), below: upper)
        }
        return Page(found.sorted(by: >), limit: limit) { $0.text }
    }

    /// A run has few events, so they are read to the end if the filter matches fewer than that many. It is checked by id:
    /// as part of the walk, SQLite would search all events of the organization instead of those of the run.
    private func newest(
        _ count: Int, of walk: ListWalk<EventID>, below upper: EventID?
    ) throws(RepositoryError) -> [EventID] {
        var found: [EventID] = []
        var upper = upper
        repeat {
            let page = try walk.page(Self.eventsAtOnce, below: upper, on: transaction.connection)
            for id in page.items where found.count < count {
                if try transaction.fits(id, ofRun, place: "event_id", of: "events") { found.append(id) }
            }
            upper = page.next.flatMap { EventID($0.position) }
        } while upper != nil && found.count < count
        return found
    }

    /// Of a run, if something else is asked of them.
    private static let eventsAtOnce = 250
}
