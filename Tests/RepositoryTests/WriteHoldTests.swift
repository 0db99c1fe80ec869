import Synchronization
import TestSupport
import Testing

@testable import Repository

@Suite struct WriteHoldTests {
    private final class Calls: Sendable {
        private let count = Mutex(0)

        var number: Int { count.withLock { $0 } }

        func note() { count.withLock { $0 += 1 } }
    }

    @Test func withoutTheTurnToWriteNothingIsDone() async throws {
        let refused = RepositoryError.unavailable("no turn")
        let database = MeddledDatabase(try TestEngine.current.emptyDatabase()) { () throws(RepositoryError) in
            throw refused
        }
        let calls = Calls()
        await #expect(throws: refused) {
            try await WriteHold.during(on: database) { () throws(RepositoryError) in
                calls.note()
            } ending: { _ in
                calls.note()
            }
        }
        #expect(calls.number == 0)
    }
}
