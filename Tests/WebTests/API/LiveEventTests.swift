import HTTPTypes
import Notifications
import Testing

@Suite struct LiveEventTests {
    private let path = "/v1/organizations/1/events"

    @Test func theEventsAreToldInTheirOrderAndOnce() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let start = try await caller.send(.get, path + "/live", key: service.member).json
            #expect(start == ["data": [], "last_sequence": 0])
            for run in 1...3 as ClosedRange<Int64> {
                _ = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event(run: run))
            }
            let told = try await caller.send(.get, path + "/live?after=1&wait=20", key: service.member).json
            #expect(told["data"]?.array?.compactMap { $0["sequence"]?.integer } == [2, 3])
            #expect(told["last_sequence"] == 3)
            #expect(told["data"]?.array?.first?["content"] == TestInput.event(run: 2))
            let nothing = try await caller.send(.get, path + "/live?after=3", key: service.member).json
            #expect(nothing == ["data": [], "last_sequence": 3])
        }
    }

    @Test func aRequestWaitsForTheNextEvent() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            async let told = caller.send(.get, path + "/live?after=0&wait=20", key: service.member)
            try await Task.sleep(for: .milliseconds(300))
            _ = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event())
            let events = try await told.json["data"]?.array
            #expect(events?.count == 1)
            let empty = try await caller.send(.get, path + "/live?after=1&wait=1", key: service.member)
            #expect(try empty.json == ["data": [], "last_sequence": 1])
        }
    }

    /// The number may be from a database of which an older copy was restored: the next event must not be left out.
    @Test func aNumberBeyondTheNewestCountsAsTheNewest() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            _ = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event(run: 1))
            let nothing = try await caller.send(.get, path + "/live?after=7", key: service.member).json
            #expect(nothing == ["data": [], "last_sequence": 1])
            async let told = caller.send(.get, path + "/live?after=7&wait=20", key: service.member)
            try await Task.sleep(for: .milliseconds(300))
            _ = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event(run: 2))
            #expect(try await told.json["last_sequence"] == 2)
        }
    }

    @Test func whatIsAskedIsChecked() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for query in ["after=-1", "after=01", "wait=21", "wait=x", "limit=3", "after=1&after=2"] {
                let reply = try await caller.send(.get, path + "/live?" + query, key: service.member)
                #expect(reply.status == 400, "\(query)")
            }
            let foreign = try await caller.send(.get, path + "/live?after=0&wait=20", key: service.stranger)
            let scheduler = try await caller.send(.get, path + "/live?after=0&wait=20", key: service.scheduler)
            #expect(foreign.status == 404 && scheduler.status == 403)
        }
    }

    /// While others wait, the newest number is known, and whoever may not read must not go by it.
    @Test func whoMayNotReadDoesNotWait() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            async let told = caller.send(.get, path + "/live?after=0&wait=20", key: service.member)
            try await Task.sleep(for: .milliseconds(300))
            let start = ContinuousClock.now
            let statuses = try await withThrowingTaskGroup { group in
                for number in 0..<20 {
                    let key = number.isMultiple(of: 2) ? service.stranger : service.scheduler
                    group.addTask { try await caller.send(.get, path + "/live?after=0&wait=20", key: key).status }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(statuses == [404, 403])
            #expect(ContinuousClock.now - start < .seconds(15))
            _ = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event())
            #expect(try await told.status == 200)
        }
    }

    @Test func eventsAreFilteredByStatus() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for (run, status) in [(1, 0), (2, 1), (3, 2)] as [(Int64, Int64)] {
                _ = try await caller.send(
                    .post, "/v1/events", key: service.scheduler, TestInput.event(run: run, status: status))
            }
            for (statuses, runs) in [("0", [1]), ("2,0", [3, 1]), ("12", [])] as [(String, [Int64])] {
                for more in ["", "&since=2020-01-01T00:00:00Z"] {
                    let list = try await caller.send(
                        .get, path + "?statuses=\(statuses)\(more)", key: service.member
                    ).json
                    let found = list["data"]?.array?.compactMap { $0["content"]?["load_test_run_id"]?.integer }
                    #expect(found == runs, "\(statuses)\(more)")
                }
            }
            for statuses in ["", "13", "2,", "+2", "02", "failed"] {
                let reply = try await caller.send(.get, path + "?statuses=\(statuses)", key: service.member)
                #expect(reply.status == 400, "\(statuses)")
            }
        }
    }
}
