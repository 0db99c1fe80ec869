import Foundation
import TestSupport
import Testing

/// Nodes that die, stand still, come back and leave, in small simulated worlds. `SEED=4711` replays one.
@Suite(.serialized) struct SeveralNodesSimulationTests {
    private static let oneSeed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }

    private static let worlds = ProcessInfo.processInfo.environment["WORLDS"].flatMap { UInt64($0) } ?? 500

    @Test func nothingIsLostOrDeliveredTwiceByNodesWithValidClaims() async throws {
        let ground = try await SimulationGround()
        for seed in Self.oneSeed.map({ $0...$0 }) ?? 0...min(Self.worlds, 500) - 1 {
            let world = try await SeveralNodes(seed: seed, on: ground)
            try await world.run()
            if let violation = world.violations.first { Issue.record("SEED=\(seed) \(violation)") }
            if !world.violations.isEmpty { return }
        }
    }

    @Test(arguments: SeveralNodes.Sabotage.allCases)
    func everySabotageIsFound(_ sabotage: SeveralNodes.Sabotage) async throws {
        let ground = try await SimulationGround()
        for seed in UInt64(0)..<1000 {
            let world = try await SeveralNodes(seed: seed, sabotage: sabotage, on: ground)
            try await world.run()
            if let violation = world.violations.first {
                print("\(sabotage) is found by seed \(seed): \(violation)")
                return
            }
        }
        Issue.record("\(sabotage) is not found")
    }
}
