import Repository

/// An engine that tests run on: makes databases.
package struct TestEngine: Sendable, CustomStringConvertible {
    package let description: String
    private let open: @Sendable () throws -> any SQLDatabase

    package init(_ description: String, _ open: @escaping @Sendable () throws -> any SQLDatabase) {
        self.description = description
        self.open = open
    }

    /// The one that a test's databases are of.
    @TaskLocal package static var current = TestEngine.sqliteInMemory

    /// The suites of the repository run on each of these.
    package static let ofSuites: [TestEngine] = [.sqliteInMemory, .rerunning(.sqliteInMemory)]

    /// What every driver promises holds for each of these.
    package static let all: [TestEngine] = ofSuites + [.sqliteInAFile]

    /// An empty database.
    package func emptyDatabase() throws -> any SQLDatabase { try open() }

    /// A database with the newest schema.
    package func database() async throws -> any SQLDatabase {
        let database = try open()
        try await database.migrate()
        return database
    }

    /// The same engine with each body run twice.
    package static func rerunning(_ engine: TestEngine) -> TestEngine {
        TestEngine("\(engine), each body run twice") { RerunningDatabase(try engine.open()) }
    }
}
