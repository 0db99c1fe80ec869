import Migrations
import Notifications
import Repository
import TestSupport
import Testing

@testable import PostgresDatabase

@Suite(.postgres) struct PostgresMigrationTests {
    @Test func manyNodesMigrateOnce() async throws {
        let address = try PostgresDatabases.shared.get().makeEmpty()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { try await PostgresDatabase(address).migrate() }
            }
            try await group.waitForAll()
        }
        let version = try await PostgresDatabase(address).schemaVersion()
        #expect(version.found == version.wanted && version.wanted >= 2)
    }

    /// Both dialects have the same steps.
    @Test func theStepsAreThoseOfSQLite() {
        #expect(Migration.postgresql.map(\.number) == Migration.sqlite.map(\.number))
        #expect(Migration.postgresql.map(\.name) == Migration.sqlite.map(\.name))
    }

    /// A node of the previous version goes on when the next one has extended the schema.
    @Test func aNewerSchemaIsLeftAsItIs() async throws {
        let address = try await PostgresDatabases.shared.get().makeMigrated()
        let database = PostgresDatabase(address)
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("ALTER TABLE events ADD COLUMN later text", [])
            try connection.execute("INSERT INTO schema_migrations (number, name) VALUES (999, 'later')", [])
        }
        try await database.migrate()
        #expect(try await database.schemaVersion().found == 999)
        let stores = Stores(database: database, kinds: .standard(), masterKey: MasterKey(), now: TestClock.wall)
        let tenant = try await Tenant(in: stores.repository)
        let accepted = try await stores.repository.accept(
            .testStarted(.sample()), idempotencyKey: nil, as: try await tenant.service().principal)
        #expect(!accepted.isReplay)
    }
}
