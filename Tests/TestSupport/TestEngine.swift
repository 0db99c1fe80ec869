import Repository

/// A database engine that tests run on; creates databases.
package struct TestEngine: Sendable, CustomStringConvertible {
    package let description: String
    private let open: @Sendable () throws -> any SQLDatabase

    package init(_ description: String, _ open: @escaping @Sendable () throws -> any SQLDatabase) {
        self.description = description
        self.open = open
    }

    /// The engine of the current test's databases.
    @TaskLocal package static var current = TestEngine.sqliteInMemory

    /// The repository's suites run on each of these.
    package static let ofSuites: [TestEngine] = [.sqliteInMemory, .rerunning(.sqliteInMemory)]

    /// The driver contract is tested on each of these.
    package static let all: [TestEngine] = ofSuites + [.sqliteInAFile]

    /// An empty database.
    package func emptyDatabase() throws -> any SQLDatabase { try open() }

    /// A database with the newest schema.
    package func database() async throws -> any SQLDatabase {
        let database = try open()
        try await database.migrate()
        return database
    }

    /// The same engine, with each body run twice.
    package static func rerunning(_ engine: TestEngine) -> TestEngine {
        TestEngine("\(engine), each body run twice") { RerunningDatabase(try engine.open()) }
    }
}
