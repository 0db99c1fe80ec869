import CPostgres
import Foundation
import PostgresDatabase
import Repository
import Synchronization

/// Databases for tests. Those with the schema are copies of a template, and are used again, with their connections and
/// prepared statements, once a test has finished with them.
package final class PostgresDatabases: Sendable {
    package static let shared = Result { try PostgresDatabases(PostgresServer.shared.get()) }

    fileprivate struct Copy: Sendable {
        let name: String
        let database: PostgresDatabase
    }

    package let server: PostgresServer
    /// For what no transaction can do.
    private let administrator: Mutex<OpaquePointer?>
    private let count = Mutex(0)
    private let idle = Mutex<[Copy]>([])
    private let template = Template()

    private init(_ server: PostgresServer) throws {
        self.server = server
        let connection = PQconnectdb(server.address("postgres", as: PostgresServer.administrator))
        guard PQstatus(connection) == CONNECTION_OK else { throw PostgresTestFailure("no connection") }
        administrator = Mutex(connection)
        try administer("CREATE ROLE \(PostgresServer.role) LOGIN NOSUPERUSER NOBYPASSRLS")
    }

    /// The address of a new, empty database, through a socket of one's own if it is given.
    package func makeEmpty(through folder: String? = nil) throws -> PostgresAddress {
        try address(of: try make(from: "template1"), through: folder)
    }

    /// The address of a new database with the newest schema.
    ///
    /// - Parameter asAdministrator: not for the service's own role.
    package func makeMigrated(asAdministrator: Bool = false) async throws -> PostgresAddress {
        let name = try make(from: try await template.made(from: self).name)
        return try address(of: name, as: asAdministrator ? PostgresServer.administrator : PostgresServer.role)
    }

    /// A database with the newest schema, and nothing in it.
    func lend() async throws -> any SQLDatabase {
        let template = try await template.made(from: self)
        while let copy = idle.withLock({ $0.popLast() }) {
            if try await copy.database.becomesEmpty(ofShape: template.shape) { return LentDatabase(copy, self) }
            copy.database.close()
        }
        let name = try make(from: template.name)
        return LentDatabase(Copy(name: name, database: PostgresDatabase(try address(of: name), limits: .patient)), self)
    }

    fileprivate func giveBack(_ copy: Copy) { idle.withLock { $0.append(copy) } }

    fileprivate func address(
        of name: String, as role: String = PostgresServer.role, through folder: String? = nil
    ) throws -> PostgresAddress {
        guard let address = PostgresAddress(server.address(name, as: role, through: folder)) else {
            throw PostgresTestFailure("no address")
        }
        return address
    }

    fileprivate func make(from template: String) throws -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let name = "test\(number)"
        try administer("CREATE DATABASE \(name) TEMPLATE \(template) OWNER \(PostgresServer.role)")
        return name
    }

    private func administer(_ sql: String) throws {
        try administrator.withLock { connection in
            let result = PQexec(connection, sql)
            defer { PQclear(result) }
            guard PQresultStatus(result) == PGRES_COMMAND_OK else {
                throw PostgresTestFailure(String(cString: PQresultErrorMessage(result)))
            }
        }
    }
}

/// The database that the others are copies of.
private actor Template {
    struct Made: Sendable {
        let name: String
        let shape: [String]
    }

    private var making: Task<Made, any Error>?

    func made(from databases: PostgresDatabases) async throws -> Made {
        let task =
            making
            ?? Task {
                let name = try databases.make(from: "template1")
                let database = PostgresDatabase(try databases.address(of: name))
                try await database.migrate()
                let shape = try await database.read { connection throws(RepositoryError) in try connection.shape() }
                database.close()
                return Made(name: name, shape: shape)
            }
        making = task
        return try await task.value
    }
}

extension PostgresDatabase {
    /// False if a test has changed the schema.
    fileprivate func becomesEmpty(ofShape shape: [String]) async throws(RepositoryError) -> Bool {
        try await write { connection throws(RepositoryError) in
            guard try connection.shape() == shape else { return false }
            let tables = try connection.rows("\(SQLShape.tables) AND relkind = 'r'", []) { row in row.text(0) }
            let filled = tables.filter { $0 != "schema_migrations" }.joined(separator: ", ")
            try connection.execute("TRUNCATE \(filled)", [])
            try connection.execute("INSERT INTO installation (\"only\") VALUES (1)", [])
            return true
        }
    }
}

private enum SQLShape {
    static let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    static let triggers = "SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal"
    static let policies = "SELECT polrelid::regclass::text || polname FROM pg_policy"
}

extension SQLConnection {
    /// What the schema consists of.
    fileprivate func shape() throws(RepositoryError) -> [String] {
        let parts = [SQLShape.tables, SQLShape.triggers, SQLShape.policies].joined(separator: " UNION ALL ")
        return try rows("\(parts) ORDER BY 1", []) { row in row.text(0) }
    }
}

/// A database that goes back when nobody uses it any longer.
private final class LentDatabase: SQLDatabase {
    private let copy: PostgresDatabases.Copy
    private let databases: PostgresDatabases

    init(_ copy: PostgresDatabases.Copy, _ databases: PostgresDatabases) {
        self.copy = copy
        self.databases = databases
    }

    deinit { databases.giveBack(copy) }

    func read<Value: Sendable>(
        _ read: DatabaseRead, in scope: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await copy.database.read(read, in: scope, body)
    }

    func write<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await copy.database.write(in: scope, body)
    }

    func migrate() async throws(RepositoryError) { try await copy.database.migrate() }
}
