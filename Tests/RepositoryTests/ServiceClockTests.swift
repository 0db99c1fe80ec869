import Notifications
import Synchronization
import TestSupport
import Testing

@testable import Repository

/// The wall clock is set, while the service runs or not: one row changes, and everything is as far away as before.
@Suite(.everyEngine) struct ServiceClockTests {
    /// A machine with its two clocks.
    private final class Machine: Sendable {
        private let hands = Mutex((steady: Duration.seconds(1000), wall: Timestamp(seconds: 1_795_000_000)))

        var steady: Duration { hands.withLock { $0.steady } }
        var wall: Timestamp { hands.withLock { $0.wall } }

        func wait(_ time: Duration) { hands.withLock { $0 = ($0.steady + time, $0.wall + time) } }
        func setWall(by delta: Duration) { hands.withLock { $0.wall = $0.wall + delta } }
        /// Off for `time`; its steady clock starts over.
        func reboot(after time: Duration) { hands.withLock { $0 = (.seconds(5), $0.wall + time) } }
    }

    private static func start(
        _ database: any SQLDatabase, on machine: Machine, boot: String = "first"
    ) async throws -> ServiceClock {
        try await ServiceClock.load(from: database, wall: { machine.wall }, steady: { machine.steady }, boot: boot)
    }

    private func database() async throws -> any SQLDatabase {
        try await TestEngine.current.database()
    }

    private static let jumps: [Duration] = [.seconds(7200), .seconds(-259_200)]

    @Test(arguments: jumps) func aClockThatIsSetMovesNoDueTime(_ jump: Duration) async throws {
        let (machine, database) = (Machine(), try await database())
        let clock = try await Self.start(database, on: machine)
        let before = clock.scheduled
        machine.setWall(by: jump)
        #expect(clock.drift == jump)
        let stores = Stores(database: database, kinds: .standard(), masterKey: MasterKey(), clock: clock)
        try await stores.deliveries.followWallClock(by: clock.drift, of: clock)
        #expect(clock.scheduled == before && clock.now == machine.wall && clock.drift == .zero)
    }

    @Test(arguments: jumps) func oneThatIsSetWhileTheServiceIsDownToo(_ jump: Duration) async throws {
        let (machine, database) = (Machine(), try await database())
        let due = try await Self.start(database, on: machine).scheduled + .seconds(60)
        machine.wait(.seconds(20))
        machine.setWall(by: jump)
        let clock = try await Self.start(database, on: machine)
        #expect(clock.now == machine.wall)
        #expect(due - clock.scheduled == .seconds(40))
    }

    @Test func afterAStartOfTheMachineTheWallClockCounts() async throws {
        let (machine, database) = (Machine(), try await database())
        let first = try await Self.start(database, on: machine)
        machine.setWall(by: .seconds(7200))
        let stores = Stores(database: database, kinds: .standard(), masterKey: MasterKey(), clock: first)
        try await stores.deliveries.followWallClock(by: first.drift, of: first)
        let due = first.scheduled + .seconds(600)
        machine.reboot(after: .seconds(100))
        let second = try await Self.start(database, on: machine, boot: "second")
        #expect(due - second.scheduled == .seconds(500) && second.now == machine.wall)
        machine.wait(.seconds(50))
        machine.setWall(by: .seconds(-86_400))
        let third = try await Self.start(database, on: machine, boot: "second")
        #expect(due - third.scheduled == .seconds(450))
    }

    /// A machine whose clock has no battery starts in 1970, and learns the time later.
    @Test func whereTheTimeIsLostNothingWaitsForDecades() async throws {
        let (machine, database) = (Machine(), try await database())
        let first = try await Self.start(database, on: machine)
        machine.wait(.seconds(300))
        try await Stores(database: database, kinds: .standard(), masterKey: MasterKey(), clock: first).maintenance
            .noteTime()
        let due = first.scheduled + .seconds(600)
        let lost = machine.wall - Timestamp(seconds: 0)
        machine.reboot(after: .zero - lost)
        let second = try await Self.start(database, on: machine, boot: "second")
        #expect(due - second.scheduled == .seconds(600))
        machine.wait(.seconds(10))
        machine.setWall(by: lost)
        let stores = Stores(database: database, kinds: .standard(), masterKey: MasterKey(), clock: second)
        try await stores.deliveries.followWallClock(by: second.drift, of: second)
        #expect(due - second.scheduled == .seconds(590) && second.now == machine.wall)
    }

    /// Deliveries, replays, removals, a receiver's pause: all stay as far away after the clock was set, and are shown
    /// by the wall clock.
    @Test(arguments: jumps) func nothingComesSoonerOrLater(_ jump: Duration) async throws {
        let machine = Machine()
        var world = try await TestWorld()
        let clock = try await Self.start(world.database, on: machine)
        world.stores = Stores(
            database: world.database, kinds: .standard(), masterKey: MasterKey(), clock: clock)
        let (repository, deliveries, maintenance) = (world.repository, world.deliveries, world.maintenance)
        let (organization, owner) = (world.organization, world.owner)
        let channel = try await world.channel()
        let other = try await world.channel("Other")
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await deliveries.record(
            world.result(delivery, .retry(Finding("http.503", "Busy."), after: .seconds(600))))
        _ = try await repository.planRemoval(of: other.id, in: organization, version: nil, as: owner)
        machine.setWall(by: jump)
        try await deliveries.followWallClock(by: clock.drift, of: clock)
        #expect(try await world.claim(channel).isEmpty)
        let shown = try await repository.delivery(delivery.id, of: organization, as: owner).delivery
        #expect(shown.dueAt == machine.wall + .seconds(600))
        let removal = try await repository.plannedRemovals(in: organization, as: owner).first
        #expect(removal?.dueAt == machine.wall + Repository.removalDelay)
        machine.wait(.seconds(59))
        try await maintenance.removePlannedChannels()
        #expect(try await repository.plannedRemovals(in: organization, as: owner).count == 1)
        machine.wait(.seconds(2))
        try await maintenance.removePlannedChannels()
        #expect(try await repository.plannedRemovals(in: organization, as: owner).isEmpty)
        machine.wait(.seconds(600))
        #expect(try await world.claim(channel).map(\.id) == [delivery.id])
    }

    @Test(arguments: jumps) func aReplayGoesOnAtItsPace(_ jump: Duration) async throws {
        let machine = Machine()
        var world = try await TestWorld()
        let clock = try await Self.start(world.database, on: machine)
        world.stores = Stores(
            database: world.database, kinds: .standard(), masterKey: MasterKey(), clock: clock)
        let (repository, deliveries, organization) = (world.repository, world.deliveries, world.organization)
        let channel = try await world.channel()
        try await world.post(3)
        for delivery in try await world.claim(channel) {
            _ = try await deliveries.record(world.result(delivery, .refused(Finding("http.400", "No."))))
        }
        let request = ReplayRequest(
            channelID: channel.id, since: machine.wall - .seconds(60), until: machine.wall + .seconds(60),
            selection: [.failed], perMinute: 6)
        let replay = try await repository.startReplay(request, in: organization, as: world.owner)
        #expect(try await deliveries.advanceReplay(replay.id, of: organization)?.requeued == 1)
        machine.setWall(by: jump)
        try await deliveries.followWallClock(by: clock.drift, of: clock)
        machine.wait(.seconds(9))
        #expect(try await deliveries.replaysToAdvance().isEmpty)
        machine.wait(.seconds(1))
        #expect(try await deliveries.replaysToAdvance().count == 1)
    }
}
