import PostgresDatabase
import Repository

extension TestEngine {
    package static let postgres = TestEngine(
        "PostgreSQL", .standard, room: TestRoom(4),
        migrated: { try await PostgresDatabases.shared.get().lend() },
        { PostgresDatabase(try PostgresDatabases.shared.get().makeEmpty(), limits: .patient) })

    /// None where PostgreSQL is not installed, except in CI, where every test of it fails then.
    static let postgresIfExpected: [TestEngine] = PostgresServer.isExpected ? [.postgres] : []
}
