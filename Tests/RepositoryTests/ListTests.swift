import Notifications
import Repository
import Testing

/// Lists with filters are served from indexes, and read a bounded number of rows.
@Suite(.everyEngine) struct ListTests {
    /// However a filter is served, following its cursors gives exactly what matches it, newest first.
    @Test func everyFilterGivesWhatAWholeReadingGives() async throws {
        let ground = try await ListGround()
        let all = try await ground.deliveries(DeliveryFilter())
        #expect(Set(all.map(\.state)) == Set(DeliveryState.allCases))
        for filter in ground.filters(all) {
            let wanted = all.filter { ground.fits($0, filter) }
            #expect(try await ground.deliveries(filter).map(\.id) == wanted.map(\.id), "\(filter)")
            #expect(try await ground.board(filter) == wanted.map(\.id), "\(filter)")
        }
    }

    @Test func eventsAreFoundByTypeRunStatusAndTime() async throws {
        let ground = try await ListGround()
        let all = try await ground.events(EventFilter())
        #expect(all.map(\.sequence) == Array((1...Int64(all.count)).reversed()))
        let times = [nil] + all.map(\.receivedAt)
        for type in [nil, EventType.testStarted, .testFinished] {
            for run in [nil, LoadTestRunID(1), LoadTestRunID(2), LoadTestRunID(99)] {
                for since in times {
                    for statuses in [nil, [TestStatus.running], [.finished, .failedThreshold]] {
                        let filter = EventFilter(
                            type: type, runID: run, statuses: statuses, since: since, until: times.last ?? nil)
                        let wanted = all.filter { ground.fits($0, filter) }
                        #expect(try await ground.events(filter).map(\.id) == wanted.map(\.id), "\(filter)")
                    }
                }
            }
        }
    }

    @Test func aListThatHasLookedAtEnoughAnswersWithACursor() async throws {
        let ground = try await ListGround()
        let skipped = try await ground.deliveries(DeliveryFilter(state: .skipped)).count
        try await ground.fill(deliveries: ListLimits.rowsLookedAt + 10)
        let filter = DeliveryFilter(state: .skipped)
        let first = try await ground.part(filter, nil)
        #expect(first.items.isEmpty && first.next != nil)
        let second = try await ground.part(filter, first.next)
        #expect(second.items.count == min(skipped, 3))
        #expect(try await ground.deliveries(filter).count == skipped)
    }

    /// Too many to be read out of order: the list scans all deliveries instead.
    @Test(arguments: [DeliveryState.due, .failed])
    func manyOfAKindAreReadInPartsToo(state: DeliveryState) async throws {
        let ground = try await ListGround()
        let before = try await ground.deliveries(DeliveryFilter(state: state, runID: LoadTestRunID(2))).count
        try await ground.fill(deliveries: 2_100, state: state, of: LoadTestRunID(2))
        let filter = DeliveryFilter(state: state, runID: LoadTestRunID(2))
        #expect(try await ground.deliveries(filter, limit: 250).count == before + 2_100)
    }

    @Test func aCursorOfAnotherListIsRefused() async throws {
        let ground = try await ListGround()
        let page = try await ground.world.repository.events(
            of: ground.world.organization, filter: EventFilter(), page: PageRequest(limit: 1), as: ground.world.owner)
        await #expect(throws: RepositoryError.invalid(.cursorOfAnotherList)) {
            _ = try await ground.part(DeliveryFilter(), page.next)
        }
        await #expect(throws: RepositoryError.invalid(.cursorOfAnotherList)) {
            _ = try await ground.world.repository.events(
                of: ground.world.organization, filter: EventFilter(runID: LoadTestRunID(1)),
                page: PageRequest(cursor: page.next), as: ground.world.owner)
        }
    }

    @Test func theAuditLogIsFilteredInPartsToo() async throws {
        let world = try await TestWorld()
        _ = try await world.channel()
        let filter = AuditFilter(action: "channel.created")
        let page = try await world.repository.auditLog(
            of: world.organization, filter: filter, page: PageRequest(), as: world.owner)
        #expect(page.items.map(\.action) == ["channel.created"] && page.next == nil)
    }
}
