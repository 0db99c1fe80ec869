import Notifications
import Repository
import TestSupport
import Testing

@testable import SQLiteDatabase

/// A list's filter becomes a statement of its own, and whoever may read can ask for thousands of them.
@Suite struct ReadersStatementsTests {
    @Test func notAllThatWereEverComposedAreKept() async throws {
        let folder = try TemporaryFolder()
        var limits = ReadLimits()
        (limits.readers, limits.kept) = (1, 0)
        let database = try SQLiteDatabase(path: folder.file("test.sqlite"), limits: limits)
        let most = ReadersStatements.mostOfEach
        for first in [0, most, 2 * most] {
            let found = try await database.read(.own) { connection throws(RepositoryError) in
                try (first..<first + most).map { number throws(RepositoryError) in
                    try connection.row("SELECT \(number)", []) { row in row.integer(0) }
                }
            }
            #expect(found.compactMap(\.self) == (first..<first + most).map(Int64.init))
            #expect(database.statements.count <= most)
        }
        try database.close()
    }
}
