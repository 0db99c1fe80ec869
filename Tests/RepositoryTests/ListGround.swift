import Notifications
import Repository
import TestSupport

/// An organization with deliveries in every state.
struct ListGround {
    let world: TestWorld
    let channel: Channel
    private let runs: [EventID: LoadTestRunID]

    init() async throws {
        world = try await TestWorld()
        channel = try await world.channel("One")
        let other = try await world.channel("Two")
        _ = try await world.channel("Off", isEnabled: false)
        let removed = try await world.channel("Removed")
        for _ in 1...3 {
            try await world.post(2)
            world.clock.advance(by: .milliseconds(2))
        }
        _ = try await world.repository.accept(
            .testFinished(.sample(2, status: .finished)), idempotencyKey: nil, as: try await world.service())
        for (index, claimed) in try await world.claim(channel, limit: 5).enumerated() where index < 4 {
            let verdict: Verdict = index.isMultiple(of: 2) ? .delivered : .refused(Finding("http.400", "No."))
            _ = try await world.deliveries.record(world.result(claimed, verdict))
        }
        _ = try await world.claim(other, limit: 1)
        try await world.repository.removeChannel(removed.id, of: world.organization, version: nil, as: world.owner)
        let events = try await world.repository.events(
            of: world.organization, filter: EventFilter(), page: PageRequest(), as: world.owner)
        runs = Dictionary(
            uniqueKeysWithValues: events.items.compactMap { event in
                event.content.run.map { (event.id, $0.id) }
            })
    }

    /// Inserts deliveries newer than all others directly: events with one delivery each.
    func fill(deliveries count: Int, state: DeliveryState = .delivered, of run: LoadTestRunID? = nil) async throws {
        world.clock.advance(by: .seconds(1))
        let (organization, channel, at) = (world.organization, channel.id, world.clock.now)
        let events = (0..<count).map { EventID(at: at + .milliseconds($0)) }
        try await world.database.write { connection throws(RepositoryError) in
            try connection.executeMany(
                """
                INSERT INTO events (organization_id, event_id, sequence, type, load_test_run_id, payload, received_at)
                SELECT $1, $2, $3, 'test.started', $4, payload, $5 FROM events WHERE organization_id = $1 AND sequence = 1
                """,
                events.enumerated().map { index, event in
                    [
                        SQLValue(organization), SQLValue(event), SQLValue(1_000 + index), SQLValue(run),
                        SQLValue(at + .milliseconds(index)),
                    ]
                })
            try connection.executeMany(
                """
                INSERT INTO deliveries
                    (organization_id, delivery_id, event_id, channel_id, state, due_at, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $6, $6)
                """,
                events.enumerated().map { index, event in
                    let time = at + .milliseconds(index)
                    return [
                        SQLValue(organization), SQLValue(DeliveryID(at: time)), SQLValue(event), SQLValue(channel),
                        SQLValue(state.rawValue), SQLValue(time),
                    ]
                })
        }
    }

    /// Filters by state, channel, event, run and time, and by all of them together.
    func filters(_ all: [Delivery]) -> [DeliveryFilter] {
        let states = [nil] + DeliveryState.allCases.map { $0 }
        let events = [nil, all.first?.eventID, all.last?.eventID]
        let times = [nil, all.first?.createdAt, all[all.count / 2].createdAt]
        var filters: [DeliveryFilter] = []
        for state in states {
            for event in events {
                for run in [nil, LoadTestRunID(2)] {
                    for time in times {
                        for channel in [nil, channel.id] {
                            filters.append(
                                DeliveryFilter(
                                    state: state, channelID: channel, eventID: event, runID: run, since: time))
                            filters.append(
                                DeliveryFilter(
                                    state: state, channelID: channel, eventID: event, runID: run, until: time))
                        }
                    }
                }
            }
        }
        return filters
    }
}

/// What matches a filter, checked one by one.
extension ListGround {
    func fits(_ delivery: Delivery, _ filter: DeliveryFilter) -> Bool {
        filter.state.map { delivery.state == $0 } ?? true && filter.channelID.map { delivery.channelID == $0 } ?? true
            && filter.eventID.map { delivery.eventID == $0 } ?? true
            && filter.since.map { delivery.createdAt >= $0 } ?? true
            && filter.until.map { delivery.createdAt < $0 } ?? true
            && filter.runID.map { runs[delivery.eventID] == $0 } ?? true
    }

    func fits(_ event: Event, _ filter: EventFilter) -> Bool {
        filter.type.map { event.content.type == $0 } ?? true && filter.runID.map { event.content.run?.id == $0 } ?? true
            && filter.statuses.map { ($0 as [TestStatus?]).contains(event.content.run?.status) } ?? true
            && filter.since.map { event.receivedAt >= $0 } ?? true && filter.until.map { event.receivedAt < $0 } ?? true
    }
}

/// Lists read to their end, in small pages.
extension ListGround {
    func part(_ filter: DeliveryFilter, _ cursor: Cursor?, limit: Int = 3) async throws -> Page<Delivery> {
        try await world.repository.deliveries(
            of: world.organization, filter: filter, page: PageRequest(limit: limit, cursor: cursor), as: world.owner)
    }

    func deliveries(_ filter: DeliveryFilter, limit: Int = 3) async throws -> [Delivery] {
        try await whole { cursor in try await part(filter, cursor, limit: limit) }
    }

    func board(_ filter: DeliveryFilter) async throws -> [DeliveryID] {
        try await whole { cursor in
            try await world.repository.deliveryBoard(
                of: world.organization, filter: filter, page: PageRequest(limit: 7, cursor: cursor), as: world.owner)
        }.map(\.delivery.id)
    }

    func events(_ filter: EventFilter) async throws -> [Event] {
        try await whole { cursor in
            try await world.repository.events(
                of: world.organization, filter: filter, page: PageRequest(limit: 2, cursor: cursor), as: world.owner)
        }
    }

    private func whole<Item>(_ part: (Cursor?) async throws -> Page<Item>) async throws -> [Item] {
        var items: [Item] = []
        var cursor: Cursor?
        repeat {
            let page = try await part(cursor)
            items += page.items
            cursor = page.next
        } while cursor != nil
        return items
    }
}
