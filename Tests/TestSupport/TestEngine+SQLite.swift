import Repository
import SQLiteDatabase

/// The only place where tests other than the driver's depend on SQLite.
extension TestEngine {
    package static let sqliteInMemory = TestEngine("SQLite in memory") { try patient() }

    package static let sqliteInAFile = TestEngine("SQLite in a file") {
        let folder = try TemporaryFolder()
        return DatabaseInAFolder(try patient(in: folder), folder)
    }
}

extension TestEngine {
    /// A database for tests that are not about time, in a file if there is a folder.
    package static func patient(in folder: TemporaryFolder? = nil) throws -> SQLiteDatabase {
        try SQLiteDatabase(path: folder?.file("test.sqlite"), limits: .patient)
    }
}

extension ReadLimits {
    /// On a busy machine, tests wait for each other: a long read may take two minutes and wait as long.
    static var patient: ReadLimits {
        var limits = ReadLimits()
        (limits.time, limits.patience) = (.seconds(120), .seconds(120))
        return limits
    }
}

/// A database whose folder is removed with it.
private final class DatabaseInAFolder: SQLDatabase {
    private let database: SQLiteDatabase
    private let folder: TemporaryFolder

    init(_ database: SQLiteDatabase, _ folder: TemporaryFolder) {
        self.database = database
        self.folder = folder
    }

    func read<Value: Sendable>(
        _ read: DatabaseRead, in scope: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await database.read(read, in: scope, body)
    }

    func write<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await database.write(in: scope, body)
    }

    func migrate() async throws(RepositoryError) { try await database.migrate() }
}
