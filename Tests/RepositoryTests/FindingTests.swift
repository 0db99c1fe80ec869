import Notifications
import Repository
import TestSupport
import Testing

/// Finding runs by the names of their load tests, and how far an organization has come.
@Suite(.everyEngine) struct FindingTests {
    private func post(_ name: String, run: Int64, project: Int64 = 9, _ world: TestWorld) async throws {
        let run = LoadTestRun(
            status: .running, userID: UserID(1), name: name, organizationID: world.organization,
            loadTestID: LoadTestID(7), id: LoadTestRunID(run), projectID: ProjectID(project))
        _ = try await world.repository.accept(.testStarted(run), idempotencyKey: nil, as: world.service())
    }

    private func runs(_ filter: EventFilter, _ world: TestWorld) async throws -> [Int64] {
        try await world.repository.events(
            of: world.organization, filter: filter, page: PageRequest(), as: world.owner
        ).items.compactMap { $0.content.run?.id.value }
    }

    @Test func eventsAreFoundByWordsOfTheName() async throws {
        let world = try await TestWorld()
        try await post("Checkout, 200 users", run: 1, world)
        try await post("Ärger im Checkout", run: 2, project: 3, world)
        try await post("100%_sure", run: 3, world)
        _ = try await world.repository.accept(.testNotificationChannel, idempotencyKey: nil, as: world.service())
        for (name, found) in [
            ("CHECK", [2, 1]), ("checkout 200", [1]), ("ärger", [2]), ("  ", [3, 2, 1]), ("%_", [3]), ("_", [3]),
            ("pigeon", []), ("name", []),
        ] as [(String, [Int64])] {
            #expect(try await runs(EventFilter(name: name), world) == found, "\(name)")
        }
        #expect(try await runs(EventFilter(projectID: ProjectID(3)), world) == [2])
        #expect(try await runs(EventFilter(projectID: ProjectID(9), name: "checkout"), world) == [1])
        let past = EventFilter(runID: LoadTestRunID(1), projectID: ProjectID(9), name: "users")
        #expect(try await runs(past, world) == [1])
    }

    @Test func anOrganizationComesAlongInThreeSteps() async throws {
        let world = try await TestWorld()
        func state() async throws -> [Bool] {
            let found = try await world.repository.onboarding(of: world.organization, as: world.owner)
            #expect(found.isDone == (found.hasChannel && found.hasServiceKey && found.hasEvent))
            return [found.hasChannel, found.hasServiceKey, found.hasEvent]
        }
        #expect(try await state() == [false, false, false])
        let channel = try await world.channel()
        #expect(try await state() == [true, false, false])
        try await world.repository.removeChannel(channel.id, of: world.organization, version: nil, as: world.owner)
        _ = try await world.service()
        #expect(try await state() == [false, true, false])
        try await world.post()
        #expect(try await state() == [false, true, true])
    }

    @Test func keysOfSessionsAreKnown() async throws {
        let world = try await TestWorld()
        #expect(try await world.repository.keysOfSessions(of: world.organization, as: world.owner).isEmpty)
        let link = try await world.repository.makeLoginLink(for: UserID(1), of: world.organization, as: .operator)
        let before = Set(try await world.repository.keys(of: world.organization, as: world.owner).items.map(\.id))
        _ = try await world.authenticator.startSession(using: link.token)
        let after = Set(try await world.repository.keys(of: world.organization, as: world.owner).items.map(\.id))
        #expect(
            try await world.repository.keysOfSessions(of: world.organization, as: world.owner)
                == after.subtracting(before))
    }

    /// A page explains only the outcomes that it shows.
    @Test func aDigestHasTheFirstOutcomesAndCountsAll() async throws {
        let world = try await TestWorld()
        let wanted = try await world.channel("Wanted")
        for _ in 0..<60 { _ = try await world.channel("Off", isEnabled: false) }
        let accepted = try await world.repository.accept(
            .testStarted(.sample()), idempotencyKey: nil, as: world.service())
        _ = try await world.channel("Later")
        let (_, digest) = try await world.repository.eventWithDigest(
            accepted.eventID, of: world.organization, as: world.owner)
        #expect(digest.first.count == 50 && digest.counts == [.due: 1, .skipped: 60, nil: 1])
        #expect(digest.first.first?.channelID == wanted.id)
        #expect(digest.first.dropFirst().allSatisfy { $0.state == .skipped && $0.text.contains("disabled") })
        #expect(digest.ofDeliveries.counts == [.due: 1, .skipped: 60])
    }
}
