import Notifications
import Repository
import Synchronization
import TestSupport
import Testing

@Suite(.everyEngine) struct RefusalTests {
    private func ask(_ world: TestWorld, as member: Principal, _ times: Int) async throws {
        for _ in 0..<times {
            await #expect(throws: RepositoryError.forbidden(Permission.administer.requirement)) {
                try await world.repository.auditHead(of: world.organization, as: member)
            }
        }
    }

    private func refusals(_ world: TestWorld) async throws -> [JSONValue] {
        try await world.auditEntries().filter { $0.action == "refused" }.map { try JSONValue.parse($0.detail.utf8) }
    }

    @Test func aLoopOfRefusalsIsTwoEntriesAMinute() async throws {
        let world = try await TestWorld()
        let member = try await world.member(2, .member)
        try await ask(world, as: member, 300)
        #expect(try await refusals(world).count == 1)
        #expect(try await world.maintenance.writeRefusals() == 300)
        #expect(try await refusals(world).count == 1, "the minute is not over")
        world.clock.advance(by: .seconds(60))
        #expect(try await world.maintenance.writeRefusals() == 0)
        let told = try await refusals(world)
        #expect(told.count == 2)
        #expect(told.last?["count"]?.integer == 299 && told.last?["attempted"]?.string == "audit_log.head")
        #expect(try await world.auditEntries().last?.actor == "user:2")
    }

    @Test func theLastOnesAreWrittenWhenTheServiceEnds() async throws {
        let world = try await TestWorld()
        let member = try await world.member(2, .member)
        try await ask(world, as: member, 3)
        try await world.maintenance.writeRefusals(isLast: true)
        #expect(try await refusals(world).last?["count"]?.integer == 2)
        try await world.maintenance.writeRefusals(isLast: true)
        #expect(try await refusals(world).count == 2)
    }

    /// The last free space is reserved for deliveries. The request is still refused, and its entry is written later.
    @Test func withoutRoomNothingIsWrittenAndNothingIsLost() async throws {
        let room = Room()
        let world = try await TestWorld(hasSpace: { room.isThere })
        let member = try await world.member(2, .member)
        room.isThere = false
        try await ask(world, as: member, 5)
        world.clock.advance(by: .seconds(600))
        #expect(try await world.maintenance.writeRefusals() == 5)
        #expect(try await refusals(world) == [])
        room.isThere = true
        try await world.maintenance.writeRefusals()
        #expect(try await refusals(world).map { $0["count"]?.integer } == [5])
    }

    /// The disk fills up between the check and the write.
    @Test func aRefusalThatFindsNoRoomAtTheLastMomentFollows() async throws {
        let world = try await TestWorld()
        let meddled = world.meddled { () async throws(RepositoryError) in throw .noSpace }
        try await meddled.repository.noteRefusal(of: "a", because: "b", in: world.organization, as: world.owner)
        #expect(try await refusals(world) == [])
        world.clock.advance(by: .seconds(60))
        try await meddled.maintenance.writeRefusals()
        #expect(try await refusals(world).map { $0["count"]?.integer } == [1])
    }
}

/// Whether the disk has room, as the test sets it.
private final class Room: Sendable {
    private let state = Mutex(true)

    var isThere: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
