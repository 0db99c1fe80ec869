import Notifications
import Repository
import TestSupport
import Testing

@testable import PostgresDatabase

/// A distributed database places rows by organization, if every key begins with it.
@Suite(.postgres) struct KeyOrderTests {
    /// Those that do not, and why.
    private static let others = [
        "keys_public_id_key": "a key is presented without its organization",
        "sessions_pkey": "a cookie contains only its token, and the operator's session has no organization",
        "login_links_pkey": "a link contains only its token",
        "installation_pkey": "one row for the whole service",
        "service_clock_pkey": "one row for the whole service",
        "audit_checkpoints_pkey": "a checkpoint is about all organizations",
        "nodes_pkey": "a node works for all organizations",
        "schema_migrations_pkey": "one schema for the whole service",
    ]

    @Test func everyUniqueKeyBeginsWithTheOrganization() async throws {
        let database = PostgresDatabase(try await PostgresDatabases.shared.get().makeMigrated())
        let keys = try await database.read { connection throws(RepositoryError) in
            try connection.rows(Self.uniqueKeys, []) { row in (name: row.text(0), first: row.text(1)) }
        }
        #expect(keys.count > 25)
        let strange = keys.filter { $0.first != "organization_id" }.map(\.name)
        #expect(strange.sorted() == Self.others.keys.sorted(), "each needs a reason, or another order")
    }

    private static let uniqueKeys = """
        SELECT i.indexrelid::regclass::text, a.attname::text FROM pg_index i
            JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indisunique
        """
}
