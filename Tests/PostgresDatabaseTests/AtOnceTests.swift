import Notifications
import PostgresDatabase
import Repository
import TestSupport
import Testing

/// Bodies that read and then write, each run against itself on several nodes: what one has read, no other may have changed
/// when it writes.
@Suite(.postgres) struct AtOnceTests {
    private static let times = 1_000

    private func tenant(_ nodes: [Node]) async throws -> Tenant { try await Tenant(in: nodes[0].stores.repository) }

    @Test func anIdempotencyKeyStandsForOneEvent() async throws {
        let nodes = try await Node.several(4)
        let service = try await tenant(nodes).service().principal
        let accepted = try await nodes.atOnce(Self.times) { _, stores in
            try await stores.repository.accept(.testStarted(.sample()), idempotencyKey: "same", as: service)
        }
        #expect(accepted.filter { !$0.isReplay }.count == 1)
        #expect(Set(accepted.map(\.eventID)).count == 1)
    }

    @Test func theSequenceOfEventsHasNoGap() async throws {
        let nodes = try await Node.several(4)
        let tenant = try await tenant(nodes)
        let service = try await tenant.service().principal
        _ = try await nodes.atOnce(Self.times) { number, stores in
            try await stores.repository.accept(.testStarted(.sample(Int64(number))), idempotencyKey: nil, as: service)
        }
        let numbers = try await nodes[1].database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT sequence FROM events ORDER BY sequence", []) { row in row.integer(0) }
        }
        #expect(numbers == (1...Int64(Self.times)).map(\.self))
    }

    /// Every entry continues the one before, and the total over all organizations counts each of them.
    @Test func theAuditLogIsOneChain() async throws {
        let nodes = try await Node.several(4)
        let tenant = try await tenant(nodes)
        let owner = tenant.owner.principal
        let organization = tenant.organization
        _ = try await nodes.atOnce(Self.times) { number, stores in
            try await stores.repository.saveMember(
                UserID(Int64(100 + number)), role: .member, in: organization, as: owner)
        }
        let entries = try await tenant.repository.auditEntries(after: 0, limit: 10_000, of: organization, as: owner)
        #expect(entries.map(\.sequence) == (1...Int64(entries.count)).map(\.self))
        #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.hash == $1.previousHash })
        #expect(entries.count > Self.times)
        #expect(try await nodes[2].stores.maintenance.auditFindings() == [])
    }

    @Test func aVersionOfAChannelIsChangedOnce() async throws {
        let nodes = try await Node.several(4)
        let tenant = try await tenant(nodes)
        let channel = try await tenant.channel()
        let (organization, owner) = (tenant.organization, tenant.owner.principal)
        let succeeded = try await nodes.atOnce(Self.times) { number, stores in
            do throws(RepositoryError) {
                _ = try await stores.repository.replaceChannel(
                    channel.id, of: organization, version: channel.version, as: owner
                ) { (_: Channel) throws(InvalidInput) in .webHook("Hook \(number)") }
                return true
            } catch {
                guard case .staleVersion = error else { throw error }
                return false
            }
        }
        #expect(succeeded.filter { $0 }.count == 1)
    }

    @Test func thereAreNoMoreChannelsThanAllowed() async throws {
        let nodes = try await Node.several(4)
        let tenant = try await tenant(nodes)
        let (organization, owner) = (tenant.organization, tenant.owner.principal)
        let created = try await nodes.atOnce(Self.times + 50) { number, stores in
            do throws(RepositoryError) {
                _ = try await stores.repository.createChannel(in: organization, as: owner) { () throws(InvalidInput) in
                    .webHook("Hook \(number)")
                }
                return true
            } catch {
                guard case .conflict = error else { throw error }
                return false
            }
        }
        #expect(created.filter { $0 }.count == 1_000)
    }

    /// Each absence counts, and each delivery is claimed by one node.
    @Test func aReceiversHealthCountsEveryFailure() async throws {
        let nodes = try await Node.several(4)
        let tenant = try await tenant(nodes)
        let channel = try await tenant.channel()
        let service = try await tenant.service().principal
        let queue = ChannelQueue(organizationID: tenant.organization, channelID: channel.id)
        _ = try await nodes.atOnce(400) { number, stores in
            try await stores.repository.accept(.testStarted(.sample(Int64(number))), idempotencyKey: nil, as: service)
        }
        try await nodes[0].database.addNodes("node 0", "node 1", "node 2", "node 3", at: TestClock.wall())
        let claimed = try await nodes.atOnce(100) { number, stores in
            try await stores.deliveries.claim([(queue, 4)], owner: "node \(number % 4)", lease: .seconds(60))
                .flatMap(\.deliveries)
        }.flatMap(\.self)
        #expect(claimed.count == 400 && Set(claimed.map(\.id)).count == 400)
        let finding = Finding("http.403", "Forbidden.")
        _ = try await nodes.atOnce(4) { number, stores in
            try await stores.deliveries.record(.failed(claimed[number], .rejected, finding))
        }
        let rejections = try await nodes[0].database.read { connection throws(RepositoryError) in
            try connection.row("SELECT rejections FROM channel_health", []) { row in row.integer(0) }
        }
        #expect(rejections == 4)
    }

    @Test func aReplayMakesEachDeliveryDueOnce() async throws {
        let clock = TestClock()
        let nodes = try await Node.several(4, clock: clock)
        let tenant = try await tenant(nodes)
        let service = try await tenant.service().principal
        for number in 1...200 {
            _ = try await tenant.repository.accept(
                .testStarted(.sample(Int64(number))), idempotencyKey: nil, as: service)
        }
        clock.advance(by: .seconds(1))
        let channel = try await tenant.channel("Late")
        let request = ReplayRequest(
            channelID: channel.id, since: clock.now - .seconds(60), until: clock.now, selection: [.missing])
        let organization = tenant.organization
        let replay = try await tenant.repository.startReplay(request, in: organization, as: tenant.owner.principal)
        for _ in 0..<10 {
            clock.advance(by: .seconds(60))
            _ = try await nodes.atOnce(20) { _, stores in
                try await stores.deliveries.advanceReplay(replay.id, of: organization)
            }
        }
        let due = try await nodes[3].database.read { connection throws(RepositoryError) in
            try connection.row("SELECT count(*), count(DISTINCT event_id) FROM deliveries", []) { row in
                [row.integer(0), row.integer(1)]
            }
        }
        #expect(due == [200, 200])
        let shown = try await tenant.repository.replay(replay.id, of: organization, as: tenant.owner.principal)
        #expect(shown.replay.requeued == 200)
    }
}

extension DeliveryResult {
    /// A failure that is to be tried again.
    static func failed(
        _ delivery: ClaimedDelivery, _ failure: ChannelHealth.Failure, _ finding: Finding
    ) -> DeliveryResult {
        let verdict = Verdict.retry(finding, after: nil)
        return DeliveryResult(
            delivery: delivery,
            attempt: Attempt(
                number: delivery.attempt, startedAt: Timestamp(seconds: 1_795_000_000), duration: .milliseconds(3),
                verdict: verdict.word, finding: finding, status: 403, address: "127.0.0.1", answer: []),
            verdict: verdict, failure: failure,
            outcome: Outcome(of: verdict, attempt: delivery.attemptOfRound, random: 0.5),
            uptime: .seconds(1))
    }
}
