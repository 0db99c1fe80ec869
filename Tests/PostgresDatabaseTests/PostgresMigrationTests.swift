import Dispatch
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

    /// What a later version might add to every table that events go through.
    private static let later = Migration(
        number: 999, name: "later",
        sql: """
            ALTER TABLE organizations ADD COLUMN later bigint NOT NULL DEFAULT 7;
            ALTER TABLE channels ADD COLUMN later text;
            ALTER TABLE events ADD COLUMN later text;
            ALTER TABLE deliveries ADD COLUMN later boolean NOT NULL DEFAULT false;
            ALTER TABLE attempts ADD COLUMN later bigint;
            ALTER TABLE nodes ADD COLUMN later text;
            CREATE INDEX events_by_later ON events (organization_id, later) WHERE later IS NOT NULL;
            """)

    /// The older one is at work when the newer one migrates, and both go on, each with what the other has accepted.
    @Test func nodesOfTwoVersionsWorkSideBySide() async throws {
        let address = try await PostgresDatabases.shared.get().makeMigrated()
        let older = PostgresDatabase(address, node: "older")
        let newer = PostgresDatabase(address, node: "newer", steps: Migration.postgresql + [Self.later])
        let key = MasterKey()
        let nodes = [older, newer].map { database in
            Stores(database: database, kinds: .standard(), masterKey: key, now: TestClock.wall)
        }
        let tenant = try await Tenant(in: nodes[0].repository)
        let (channel, service) = try await (tenant.channel(), tenant.service().principal)
        let queue = ChannelQueue(organizationID: tenant.organization, channelID: channel.id)
        for (name, stores) in zip(["older", "newer"], nodes) {
            _ = try await stores.deliveries.begin(as: .init(id: name))
        }
        let run = { @Sendable (number: Int, stores: Stores) in
            _ = try await stores.repository.accept(
                .testStarted(.sample(Int64(number))), idempotencyKey: "\(number)", as: service)
        }
        // Its statements are prepared for the schema of before.
        try await run(0, nodes[0])
        try await nodes[0].deliver(queue, as: "older")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...60 { group.addTask { try await run(number, nodes[0]) } }
            group.addTask { try await newer.migrate() }
            try await group.waitForAll()
        }
        #expect(try await older.schemaVersion().found == 999)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 61...120 { group.addTask { try await run(number, nodes[number % 2]) } }
            try await group.waitForAll()
        }
        for _ in 0..<20 {
            try await nodes[0].deliver(queue, as: "older")
            try await nodes[1].deliver(queue, as: "newer")
        }
        #expect(try await found(by: newer) == [121, 121, 0, 121, 7])
    }

    /// Events, the last one's number, and what is in some of the columns that are new.
    private func found(by newer: PostgresDatabase) async throws -> [Int64]? {
        try await newer.read { connection throws(RepositoryError) in
            try connection.row(
                """
                SELECT count(*), max(sequence), count(later),
                    (SELECT count(*) FROM deliveries WHERE state = 'delivered' AND NOT later),
                    (SELECT min(later) FROM organizations)
                FROM events
                """, []
            ) { row in (0...4).map { row.integer($0) } }
        }
    }

    /// A version whose schema has contracted tells older programs that they are too old.
    @Test func whatAnOlderProgramCannotUseIsRefused() async throws {
        let address = try await PostgresDatabases.shared.get().makeMigrated()
        let known = try #require(Migration.postgresql.last?.number)
        let contracted = Migration(
            number: 999, name: "less", sql: "ALTER TABLE events DROP COLUMN search_name;", oldest: known + 1)
        try await PostgresDatabase(address, steps: Migration.postgresql + [contracted]).migrate()
        for work in [{ _ = try await $0.schemaVersion() }, { try await $0.migrate() }] as [Work] {
            do {
                try await work(PostgresDatabase(address))
                Issue.record("an older program was let in")
            } catch RepositoryError.unavailable(let reason) {
                #expect(reason.contains("this one knows schema \(known), so it has to be updated"))
            }
        }
    }

    private typealias Work = (PostgresDatabase) async throws -> Void

    /// Nodes of the version before go on while a step is taken and after it: a step adds, and nothing goes or must be
    /// filled in, or it says from which schema on programs can use what is left.
    @Test func stepsOnlyExtend() throws {
        let contracting = [
            "DROP TABLE", "DROP COLUMN", "RENAME", "SET NOT NULL", "TYPE ", "ADD CONSTRAINT", "ROW LEVEL SECURITY",
        ]
        for step in Migration.postgresql.dropFirst() where step.oldest < step.number {
            for word in contracting { #expect(!step.sql.contains(word), "step \(step.number): \(word)") }
            for line in step.sql.split(separator: "\n") where line.contains("ADD COLUMN") && line.contains("NOT NULL") {
                #expect(line.contains("DEFAULT"), "step \(step.number): \(line)")
            }
        }
    }

    /// Both dialects have the same steps.
    @Test func theStepsAreThoseOfSQLite() {
        #expect(Migration.postgresql.map(\.number) == Migration.sqlite.map(\.number))
        #expect(Migration.postgresql.map(\.name) == Migration.sqlite.map(\.name))
    }

    /// From the schema without row-level security, beside a reader that holds tables in the opposite order.
    @Test func theWallIsBuiltAroundWhatIsThere() async throws {
        let address = try Self.older(than: 11)
        let reader = PostgresLine(SessionSource(address, settings: ""), name: "reader", priority: .default)
        try await reader.run(["BEGIN", "SELECT 1 FROM organizations"])
        async let migrated: Void = PostgresDatabase(address).migrate()
        let database = PostgresDatabase(address)
        try await wait {
            try await database.read(in: .noOrganization) { connection throws(RepositoryError) in
                try connection.row(Self.waiting, []) { row in row.integer(0) }
            } ?? 0 > 0
        }
        // A server looks for a deadlock once, after a second: from then on it would be the reader that is refused.
        try await Task.sleep(for: .milliseconds(1200))
        try await reader.run(["SELECT 1 FROM attempts", "COMMIT"])
        try await migrated
        #expect(try await database.isWalled())
        let seen = try await database.read(in: .organization(OrganizationID(7))) { connection throws(RepositoryError) in
            try connection.rows("SELECT name FROM organizations", []) { row in row.text(0) }
        }
        #expect(seen == ["Seven"])
    }

    private static let waiting = """
        SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    /// They would see nothing, and bury nodes whose claims they do not see.
    @Test func nodesThatDeclareNothingHaveToBeStoppedFirst() async throws {
        let address = try Self.older(than: 11)
        let node = try PostgresSession(address, settings: "")
        _ = try node.run(SessionCommands.claim("old"))
        let database = PostgresDatabase(address)
        await #expect {
            try await database.migrate()
        } throws: {
            "\($0)".contains("needs all of them to be stopped first")
        }
        #expect(try await database.schemaVersion().found == 10)
        _ = try node.run("SELECT pg_advisory_unlock_all()")
        try await database.migrate()
        #expect(try await database.isWalled())
    }

    /// A database of an earlier version, with an organization.
    private static func older(than number: Int64) throws -> PostgresAddress {
        let address = try PostgresDatabases.shared.get().makeEmpty()
        let session = try PostgresSession(address, settings: "")
        try session.script("CREATE TABLE schema_migrations (number bigint PRIMARY KEY, name text)")
        for step in Migration.postgresql where step.number < number {
            try session.script(
                "\(step.sql); INSERT INTO schema_migrations (number, name) VALUES (\(step.number), '\(step.name)')")
        }
        try session.script("INSERT INTO organizations (organization_id, name, created_at) VALUES (7, 'Seven', 0)")
        return address
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

extension Stores {
    /// Claims some deliveries and records that they arrived.
    fileprivate func deliver(_ queue: ChannelQueue, as node: String) async throws {
        let claims = try await deliveries.claim([(queue, 8)], owner: node, lease: .seconds(60))
        for delivery in claims.flatMap(\.deliveries) {
            let attempt = Attempt(
                number: delivery.attempt, startedAt: TestClock.wall(), duration: .milliseconds(3), verdict: "delivered",
                finding: nil, status: 200, address: "127.0.0.1", answer: [])
            let result = DeliveryResult(
                delivery: delivery, attempt: attempt, verdict: .delivered, failure: nil,
                outcome: Outcome(of: .delivered, attempt: delivery.attemptOfRound, random: 0.5), uptime: .seconds(1))
            #expect(try await deliveries.record(result).isOurs)
        }
    }
}

extension PostgresLine {
    fileprivate func run(_ statements: [String]) async throws {
        try await run { line in
            do throws(PostgresFault) {
                return .success(
                    try line.use { session throws(PostgresFault) in
                        for statement in statements { _ = try session.run(statement) }
                    })
            } catch {
                return .failure(error.ofWrite)
            }
        }.get()
    }
}
