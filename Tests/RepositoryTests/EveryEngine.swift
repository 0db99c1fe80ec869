import Repository
import Synchronization
import TestSupport
import Testing

/// Runs each test of a suite once on every engine (`TestEngine.ofSuites`).
struct EveryEngine: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        for engine in TestEngine.ofSuites {
            try await engine.run { try await function() }
        }
    }
}

extension Trait where Self == EveryEngine {
    static var everyEngine: Self { Self() }
}

@Suite(.everyEngine) struct EveryEngineTests {
    /// Shared by all runs of the test below, one per engine.
    private static let engines = Runs()

    @Test func eachTestRunsOnEveryEngine() async throws {
        let seen = Self.engines.add(TestEngine.current.description)
        #expect(seen == Array(TestEngine.ofSuites.map(\.description).prefix(seen.count)))
        let database = try await TestEngine.current.database()
        let runs = Runs()
        try await database.write { connection throws(RepositoryError) in
            runs.add("run")
            try connection.execute("UPDATE installation SET audit_entries = audit_entries + 1", [])
        }
        let isRerunning = TestEngine.current.description.contains("twice")
        // The engine itself runs a body again that has failed after changes, as the first run does.
        #expect(isRerunning ? runs.count > 1 : runs.count == 1)
        let entries = try await database.read { connection throws(RepositoryError) in
            try connection.row("SELECT audit_entries FROM installation", []) { row in row.integer(0) }
        }
        #expect(entries == 1, "the first run is thrown away")
    }
}

/// What was run, in order.
private final class Runs: Sendable {
    private let all = Mutex<[String]>([])

    var count: Int { all.withLock { $0.count } }

    @discardableResult func add(_ run: String) -> [String] {
        all.withLock { all in
            all.append(run)
            return all
        }
    }
}
