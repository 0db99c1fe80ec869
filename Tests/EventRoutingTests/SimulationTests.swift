import Foundation
import Notifications
import TestSupport
import Testing

/// The delivery engine in small simulated worlds in which everything that can go wrong does. A failure prints its seed;
/// `SEED=4711 make simulate` replays that run.
@Suite(.serialized) struct SimulationTests {
    /// How many worlds a test run simulates.
    private static let worlds = ProcessInfo.processInfo.environment["WORLDS"].flatMap { UInt64($0) } ?? 10_000
    private static let oneSeed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }

    @Test func nothingIsLostDuplicatedOrLate() async throws {
        let seeds = Self.oneSeed.map { $0...$0 } ?? 0...(Self.worlds - 1)
        let clock = ContinuousClock()
        var tally = Tally()
        let took = try await clock.measure { tally = try await Self.look(at: seeds) }
        for failure in tally.failures.prefix(5) { Issue.record("\(failure)") }
        print("Simulated \(seeds.count) worlds with \(tally.steps) steps and \(tally.days) days in \(took)")
        #expect(tally.failures.isEmpty)
    }

    /// A database engine may run each body twice and discard the first run.
    @Test func theSameHoldsWhereEachBodyRunsTwice() async throws {
        let tally = try await TestEngine.$current.withValue(.rerunning(.sqliteInMemory)) {
            try await Self.look(at: 0...(min(Self.worlds, 300) - 1))
        }
        for failure in tally.failures.prefix(5) { Issue.record("\(failure)") }
        #expect(tally.steps > 1000 && tally.failures.isEmpty)
    }

    /// A simulation that finds nothing may simply be blind.
    @Test(arguments: Sabotage.allCases) func everySabotageIsFound(_ sabotage: Sabotage) async throws {
        let ground = try await SimulationGround()
        for seed in UInt64(0)..<3000 {
            let world = try await SimulatedWorld(seed: seed, sabotage: sabotage, on: ground)
            try await world.run()
            if let violation = world.violations.first {
                print("\(sabotage) is found by seed \(seed): \(violation)")
                return
            }
        }
        Issue.record("\(sabotage) is not found")
    }

    private struct Tally: Sendable {
        var steps = 0
        var days = 0
        var failures: [String] = []
    }

    /// Four worlds at a time: a world runs sequentially, and waits for its database half of the time.
    private static func look(at seeds: ClosedRange<UInt64>) async throws -> Tally {
        try await withThrowingTaskGroup(of: Tally.self) { group in
            for part in 0..<UInt64(4) {
                group.addTask {
                    var tally = Tally()
                    let ground = try await SimulationGround()
                    for seed in seeds where seed % 4 == part && tally.failures.isEmpty {
                        try await Self.look(at: seed, on: ground, &tally)
                    }
                    return tally
                }
            }
            return try await group.reduce(into: Tally()) { sum, part in
                sum.steps += part.steps
                sum.days += part.days
                sum.failures += part.failures
            }
        }
    }

    private static func look(at seed: UInt64, on ground: SimulationGround, _ tally: inout Tally) async throws {
        let world = try await SimulatedWorld(seed: seed, on: ground)
        world.isTold = oneSeed != nil
        try await world.run()
        tally.steps += world.steps
        tally.days += Int(world.time.steady.components.seconds / 86_400)
        if let violation = world.violations.first {
            tally.failures.append("SEED=\(seed), step \(world.steps), at \(world.time.steady): \(violation)")
        }
    }
}
