import Foundation
import HTTPTypes
import Hummingbird
import Notifications
import Repository
import SQLiteDatabase
import Testing

@testable import Web

/// Long reads do not take away what keeps the service in the load balancer, and its keys.
@Suite struct ReadinessTests {
    @Test func slowListsLeaveReadinessAndNewKeysAlone() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("runbell-\(UUID().uuidString).sqlite")
            .path
        defer { for rest in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + rest) } }
        var limits = ReadLimits()
        (limits.time, limits.patience) = (.seconds(120), .seconds(120))
        let database = try SQLiteDatabase(path: path, limits: limits)
        let service = try await ServiceUnderTest(database: database)
        let slow = (0..<12).map { number in Task { try await endless(database, OrganizationID(Int64(number % 3 + 1))) }
        }
        try await Task.sleep(for: .milliseconds(200))
        try await service.run { caller in
            let start = ContinuousClock.now
            for _ in 0..<5 {
                #expect(try await caller.send(.get, "/readyz").status == 200)
                let key = try await service.newKey(.user(UserID(21)), in: 2)
                #expect(try await caller.send(.get, "/v1/organizations/2", key: key).status == 200)
            }
            #expect(ContinuousClock.now - start < .seconds(5))
        }
        for read in slow { read.cancel() }
        for read in slow { await #expect(throws: RepositoryError.abandoned) { try await read.value } }
    }

    private func endless(_ database: SQLiteDatabase, _ organization: OrganizationID) async throws {
        _ = try await database.read(.long(of: organization)) { connection throws(RepositoryError) in
            try connection.rows(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", []
            ) { row in row.integer(0) }
        }
    }
}
