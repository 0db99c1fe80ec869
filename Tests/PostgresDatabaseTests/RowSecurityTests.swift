import Notifications
import Repository
import TestSupport
import Testing

@testable import PostgresDatabase

/// The second wall between organizations (decision 31), in every table that the catalogue lists: a new one cannot be
/// forgotten.
@Suite(.postgres) struct RowSecurityTests {
    private static let ours = OrganizationID(1)
    private static let theirs = OrganizationID(2)

    @Test func noScopeSeesMoreThanItsOrganization() async throws {
        let ground = try await FilledTables(with: [Self.ours, Self.theirs])
        #expect(ground.tables.count > 20)
        for table in ground.tables {
            #expect(try await ground.seen(of: table, in: .organization(Self.ours)) == [Self.ours], "\(table)")
            #expect(try await ground.seen(of: table, in: .noOrganization) == [], "\(table)")
            #expect(try await ground.seen(of: table, in: .wholeService) == [Self.ours, Self.theirs], "\(table)")
        }
    }

    @Test func noScopeChangesMoreThanItsOrganization() async throws {
        let ground = try await FilledTables(with: [Self.ours, Self.theirs])
        let scopes: [(DataScope, Int)] = [(.organization(Self.ours), 1), (.noOrganization, 0), (.wholeService, 2)]
        for table in ground.tables {
            for (scope, count) in scopes {
                #expect(
                    try await ground.changed(by: "UPDATE \(table) SET organization_id = organization_id", scope)
                        == count)
                #expect(try await ground.changed(by: "DELETE FROM \(table)", scope) == count, "\(table)")
            }
        }
    }

    @Test func nothingIsAddedOrGivenToAnotherOrganization() async throws {
        let ground = try await FilledTables(with: [Self.ours])
        for table in ground.tables {
            for scope in [DataScope.organization(Self.ours), .noOrganization] {
                #expect(await ground.refuses(ground.insert(into: table, for: Self.theirs), in: scope), "\(table)")
            }
            let move = "UPDATE \(table) SET organization_id = \(Self.theirs)"
            #expect(await ground.refuses(move, in: .organization(Self.ours)), "\(table)")
            #expect(await !ground.refuses(ground.insert(into: table, for: Self.ours), in: .organization(Self.ours)))
        }
    }

    /// A session of somebody who knows nothing of scopes.
    @Test func whoDeclaresNothingSeesNothing() async throws {
        let ground = try await FilledTables(with: [Self.ours])
        let session = try PostgresSession(ground.address, settings: "")
        for table in ground.tables {
            #expect(try session.run("SELECT count(*)::text FROM \(table)").firstText == "0", "\(table)")
        }
        // Nor after a transaction that did.
        let scope = SessionCommands.scope(.wholeService)
        try session.prepare(["BEGIN", scope.sql])
        for command in [SessionCommand("BEGIN"), scope] { session.queue(command) }
        #expect(try session.run("SELECT count(*)::text FROM organizations").firstText == "1")
        _ = try session.run("COMMIT")
        #expect(try session.run("SELECT count(*)::text FROM organizations").firstText == "0")
    }

    /// They share transactions, and some throw.
    @Test func bodiesOfOneTransactionSeeTheirOwnOrganization() async throws {
        let ground = try await FilledTables(with: [Self.ours, Self.theirs])
        let database = ground.database
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                let scope: DataScope = number.isMultiple(of: 2) ? .organization(Self.ours) : .organization(Self.theirs)
                let expected = number.isMultiple(of: 2) ? Self.ours : Self.theirs
                group.addTask {
                    let seen: [OrganizationID]? = try? await database.write(in: scope) {
                        connection throws(RepositoryError) in
                        if number.isMultiple(of: 5) { throw .conflict("on purpose") }
                        return try connection.rows("SELECT organization_id FROM events", []) { row in row.number(0) }
                    }
                    #expect(seen == (number.isMultiple(of: 5) ? nil : [expected]))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func everyTableWithAnOrganizationHasTheWall() async throws {
        let database = PostgresDatabase(try await PostgresDatabases.shared.get().makeMigrated())
        let open = try await database.read { connection throws(RepositoryError) in
            try connection.rows(Self.withoutWall, []) { row in row.text(0) }
        }
        #expect(open.sorted() == ["audit_checkpoints", "installation", "nodes", "schema_migrations", "service_clock"])
        #expect(try await database.isWalled())
    }

    private static let withoutWall = """
        SELECT relname::text FROM pg_class t
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT (
            relrowsecurity AND relforcerowsecurity AND row_security_active(oid)
            AND (SELECT count(*) FROM pg_policy WHERE polrelid = t.oid AND polcmd = '*' AND polroles = '{0}') = 1
            AND (SELECT count(*) FROM pg_policy WHERE polrelid = t.oid) = 1)
        """

    /// What the other tests look for is found: in each case, the wall of one table is gone.
    @Test(arguments: ["DISABLE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY"])
    func aGapIsFound(change: String) async throws {
        let ground = try await FilledTables(with: [Self.ours, Self.theirs])
        try await ground.database.write { connection throws(RepositoryError) in
            try connection.execute("ALTER TABLE events \(change)", [])
        }
        #expect(try await ground.seen(of: "events", in: .noOrganization) == [Self.ours, Self.theirs])
        #expect(try await !ground.database.isWalled())
    }

    /// A superuser passes through, so the service tells its operator.
    @Test func aRoleWithoutWallIsNoticed() async throws {
        let databases = try PostgresDatabases.shared.get()
        let address = try await databases.makeMigrated(asAdministrator: true)
        #expect(try await !PostgresDatabase(address).isWalled())
    }
}

/// A database with a row for each organization in every table that has organizations. Constraints that a made-up row may
/// violate are gone, and so are triggers that refuse changes.
private struct FilledTables: Sendable {
    let address: PostgresAddress
    let database: PostgresDatabase
    let tables: [String]
    private let inserts: [String: String]

    init(with organizations: [OrganizationID]) async throws {
        address = try await PostgresDatabases.shared.get().makeMigrated()
        database = PostgresDatabase(address)
        inserts = try await database.write { connection throws(RepositoryError) in
            for sql in try connection.rows(Self.withoutConstraints, [], read: { row in row.text(0) }) {
                try connection.execute(sql, [])
            }
            let rows = try connection.rows(Self.insertion, []) { row in (row.text(0), row.text(1)) }
            for organization in organizations {
                for (_, sql) in rows {
                    try connection.execute(sql.replacing("ORGANIZATION", with: organization.description), [])
                }
            }
            return Dictionary(uniqueKeysWithValues: rows)
        }
        tables = inserts.keys.sorted()
    }

    func insert(into table: String, for organization: OrganizationID) -> String {
        (inserts[table] ?? "").replacing("ORGANIZATION", with: organization.description)
    }

    /// By a statement without any condition.
    func seen(of table: String, in scope: DataScope) async throws -> [OrganizationID] {
        try await database.read(in: scope) { connection throws(RepositoryError) in
            try connection.rows("SELECT organization_id FROM \(table) ORDER BY 1", []) { row in row.number(0) }
        }
    }

    /// How many rows a statement changes, which are not changed after all.
    func changed(by sql: String, _ scope: DataScope) async throws -> Int {
        do throws(RepositoryError) {
            try await database.write(in: scope) { connection throws(RepositoryError) in
                throw .conflict(String(try connection.execute(sql, [])))
            }
            return 0
        } catch {
            guard case .conflict(let count) = error else { throw error }
            return Int(count) ?? -1
        }
    }

    func refuses(_ sql: String, in scope: DataScope) async -> Bool {
        do throws(RepositoryError) {
            try await database.write(in: scope) { connection throws(RepositoryError) in
                try connection.execute(sql, [])
            }
            return false
        } catch {
            return "\(error)".contains("row-level security")
        }
    }

    private static let withOrganization = """
        pg_class t JOIN pg_attribute o ON o.attrelid = t.oid AND o.attname = 'organization_id' AND t.relkind = 'r'
            AND t.relnamespace = 'public'::regnamespace
        """

    private static let withoutConstraints = """
        SELECT format('ALTER TABLE %I DROP CONSTRAINT %I', t.relname, c.conname)
        FROM \(withOrganization) JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype IN ('c', 'f')
        UNION ALL SELECT format('ALTER TABLE %I DISABLE TRIGGER USER', t.relname) FROM \(withOrganization)
        """

    /// A table, and the statement that adds a row to it.
    private static let insertion = """
        SELECT t.relname::text, format('INSERT INTO %I (%s) VALUES (%s)', t.relname,
            string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
            string_agg(CASE
                WHEN a.attname = 'organization_id' THEN 'ORGANIZATION'
                WHEN a.atttypid = 'bigint'::regtype THEN '1'
                WHEN a.atttypid = 'uuid'::regtype THEN 'gen_random_uuid()'
                WHEN a.atttypid = 'bytea'::regtype THEN 'uuid_send(gen_random_uuid())'
                ELSE 'gen_random_uuid()::text' END, ', ' ORDER BY a.attnum))
        FROM \(withOrganization) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
        GROUP BY t.relname
        """
}
