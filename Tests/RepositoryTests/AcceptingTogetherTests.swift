import Notifications
import Synchronization
import TestSupport
import Testing

@testable import Repository

/// Events that wait at the same time are accepted by one body.
@Suite(.everyEngine) struct AcceptingTogetherTests {
    private struct Posted {
        let content: EventContent
        var key: String?
        let principal: Principal
    }

    /// Posts events so that the first one, which is about to write, waits for all others. Returns their results, and how
    /// many writes that took.
    private func together(
        _ posted: [Posted], in world: TestWorld
    ) async throws -> (results: [Result<Acceptance, RepositoryError>], writes: Int) {
        let intake = Mutex<EventIntake?>(nil)
        let stores = world.meddled { () throws(RepositoryError) in
            while intake.withLock({ $0?.waiting ?? 0 }) < posted.count { await Task.yield() }
        }
        intake.withLock { $0 = stores.repository.context.intake }
        let results = await withTaskGroup(of: (Int, Result<Acceptance, RepositoryError>).self) { group in
            for (number, each) in posted.enumerated() {
                group.addTask {
                    do throws(RepositoryError) {
                        return (
                            number,
                            .success(
                                try await stores.repository.accept(
                                    each.content, idempotencyKey: each.key, as: each.principal))
                        )
                    } catch {
                        return (number, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        let database = try #require(stores.repository.context.database as? MeddledDatabase)
        return (try posted.indices.map { try #require(results[$0]) }, database.writes)
    }

    private func events(of world: TestWorld) async throws -> [Event] {
        try await world.repository.events(after: 0, limit: 1000, of: world.organization, as: world.owner)
    }

    @Test func theyCostOneWrite() async throws {
        let world = try await TestWorld()
        for name in ["One", "Two"] { _ = try await world.channel(name) }
        let service = try await world.service()
        let posted = (1...30).map { Posted(content: .testStarted(.sample($0)), key: "\($0)", principal: service) }
        let (results, writes) = try await together(posted, in: world)
        #expect(writes == 1)
        for result in results { #expect(try result.get().due == 2) }
        let stored = try await events(of: world)
        #expect(stored.map(\.sequence) == Array(1...30))
        #expect(Set(stored.compactMap(\.content.run?.id)).count == 30)
        let again = try await together(posted, in: world).results
        #expect(try again.map { try $0.get().eventID } == results.map { try $0.get().eventID })
        #expect(try again.allSatisfy { try $0.get().isReplay })
    }

    @Test func whatDoesNotFitGoesNext() async throws {
        let world = try await TestWorld()
        for number in 1...4 { _ = try await world.channel("\(number)") }
        let service = try await world.service()
        let posted = (1...120).map { Posted(content: .testStarted(.sample($0)), principal: service) }
        let (results, writes) = try await together(posted, in: world)
        #expect(writes == 6, "of 20 events with 5 rows each")
        for result in results { #expect(try result.get().due == 4) }
        #expect(try await events(of: world).map(\.sequence) == Array(1...120))
    }

    @Test func aKeyIsUsedOnce() async throws {
        let world = try await TestWorld()
        let service = try await world.service()
        let same = (1...10).map { _ in Posted(content: .testStarted(.sample(1)), key: "a", principal: service) }
        let other = Posted(content: .testStarted(.sample(2)), key: "a", principal: service)
        let (results, writes) = try await together(same + [other], in: world)
        let accepted = results.compactMap { try? $0.get() }
        #expect(writes == 1 && Set(accepted.map(\.eventID)).count == 1)
        #expect(accepted.filter { !$0.isReplay }.count == 1)
        #expect(results.filter { $0.failure == .idempotencyMismatch }.count == results.count - accepted.count)
        #expect(try await events(of: world).count == 1)
    }

    @Test func whoMayNotPostIsRefusedAlone() async throws {
        let world = try await TestWorld()
        let (service, member) = (try await world.service(), try await world.member(7, .member))
        let gone = Principal.service(of: world.organization, key: KeyID(at: world.clock.now))
        let principals = [service, member, gone, service]
        let posted = principals.enumerated().map {
            Posted(content: .testStarted(.sample(Int64($0) + 1)), principal: $1)
        }
        let results = try await together(posted, in: world).results
        #expect(results.map { $0.failure == nil } == [true, false, false, true])
        #expect(results[1].failure == .forbidden(Permission.writeEvents.requirement))
        #expect(results[2].failure == .unauthenticated)
        #expect(try await events(of: world).count == 2)
        let refusals = try await world.auditEntries().filter { $0.action == "refused" }
        #expect(refusals.map(\.actor) == ["user:7"] && refusals.allSatisfy { $0.detail.contains("event.post") })
    }

    /// An end that is accepted with its start waits for it, as it would after it.
    @Test func theEndOfARunSeesItsStart() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let service = try await world.service()
        let posted = (1...8).flatMap { run in
            [EventContent.testStarted(.sample(run)), .testFinished(.sample(run))].map {
                Posted(content: $0, principal: service)
            }
        }
        _ = try await together(posted, in: world)
        let claimed = try await world.claim(channel, limit: 16)
        #expect(claimed.count == 8 && claimed.allSatisfy { $0.content.type == .testStarted })
    }

    /// Whether the channel is ready for the end was asked before the start was written.
    @Test func theEndOfARunIsNotClaimedAtOnceWithItsStart() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await world.repository.accept(
            .testNotificationChannel, idempotencyKey: nil, as: try await world.service())
        let first = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(first, .delivered))
        let permit = ClaimPermit(channels: [channel.id], owner: "test", lease: .seconds(30))
        let postings = [EventContent.testStarted(.sample(1)), .testFinished(.sample(1))].map {
            Posting(event: PostedEvent($0, isHashed: false), permit: permit)
        }
        let results = try await world.repository.context.serve(world.organization) {
            transaction throws(RepositoryError) in
            try transaction.accept(postings[...], by: try transaction.audience(of: postings), writing: 100)
        }
        #expect(try results.map { try $0.get().claimed.count } == [1, 0])
    }

    /// What one writes and another one reads is not accepted in one step.
    @Test func thoseThatDependOnEachOtherAreToldApart() {
        func posting(_ content: EventContent, _ key: String? = nil) -> Posting {
            Posting(event: PostedEvent(content, isHashed: key != nil), idempotencyKey: key)
        }
        let test = posting(.testNotificationChannel)
        let one = posting(.testStarted(.sample(1, loadTest: 8)), "a")
        let end = posting(.testFinished(.sample(1, loadTest: 8)))
        let another = posting(.testStarted(.sample(2, loadTest: 8)))
        let sameKey = posting(.testStarted(.sample(3, loadTest: 9)), "a")
        let cases: [([Posting], Int, Bool, Int)] = [
            ([test, test, one, another], 9, false, 4), ([test, one, another], 2, false, 2), ([one, end], 9, false, 1),
            ([one, sameKey], 9, false, 1), ([one, another], 9, true, 1), ([one, test, sameKey, end], 9, false, 2),
            ([], 9, true, 0),
        ]
        for (postings, most, usesHistory, count) in cases {
            #expect(postings.independent(atMost: most, usesHistory: usesHistory).count == count)
        }
    }

    @Test func whenItFailsEachIsTold() async throws {
        let world = try await TestWorld()
        let service = try await world.service()
        let stores = world.meddled { () throws(RepositoryError) in throw .unavailable("on purpose") }
        await #expect(throws: RepositoryError.unavailable("on purpose")) {
            try await stores.repository.accept(.testStarted(.sample(1)), idempotencyKey: nil, as: service)
        }
        let next = try await stores.repository.accept(.testStarted(.sample(1)), idempotencyKey: nil, as: service)
        #expect(next.eventID == (try await events(of: world).map(\.id)).first)
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
