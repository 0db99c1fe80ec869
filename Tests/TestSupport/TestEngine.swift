import Repository

/// A database engine that tests run on; creates databases.
package struct TestEngine: Sendable, CustomStringConvertible {
    package let description: String
    /// How tests write SQL of their own for it.
    package let dialect: TestDialect
    private let room: TestRoom?
    private let open: @Sendable () throws -> any SQLDatabase
    private let migrated: (@Sendable () async throws -> any SQLDatabase)?

    /// - Parameters:
    ///   - room: how many tests may use the engine at once; nil if that makes no difference.
    ///   - migrated: makes a database with the newest schema, if there is a quicker way than to migrate an empty one.
    package init(
        _ description: String, _ dialect: TestDialect = .sqlite, room: TestRoom? = nil,
        migrated: (@Sendable () async throws -> any SQLDatabase)? = nil,
        _ open: @escaping @Sendable () throws -> any SQLDatabase
    ) {
        self.description = description
        self.dialect = dialect
        self.room = room
        self.migrated = migrated
        self.open = open
    }

    /// Runs a test on this engine.
    package func run(_ test: @Sendable () async throws -> Void) async throws {
        await room?.enter()
        let result: Result<Void, any Error>
        do {
            result = .success(try await Self.$current.withValue(self) { try await test() })
        } catch {
            result = .failure(error)
        }
        await room?.leave()
        try result.get()
    }

    /// The engine of the current test's databases.
    @TaskLocal package static var current = TestEngine.sqliteInMemory

    /// The repository's suites run on each of these.
    package static let ofSuites: [TestEngine] = [.sqliteInMemory, .rerunning(.sqliteInMemory)] + postgresIfExpected

    /// The driver contract is tested on each of these.
    package static let all: [TestEngine] = ofSuites + [.sqliteInAFile]

    /// An empty database.
    package func emptyDatabase() throws -> any SQLDatabase { try open() }

    /// A database with the newest schema.
    package func database() async throws -> any SQLDatabase {
        if let migrated { return try await migrated() }
        let database = try open()
        try await database.migrate()
        return database
    }

    /// The same engine, with each body run twice.
    package static func rerunning(_ engine: TestEngine) -> TestEngine {
        TestEngine("\(engine), each body run twice") { RerunningDatabase(try engine.open()) }
    }
}
