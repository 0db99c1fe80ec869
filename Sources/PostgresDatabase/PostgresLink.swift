import Dispatch
import Glibc
import Notifications
import Repository
import Synchronization

/// Keeps a node in touch with the others: a session of its own listens, tells (`NOTIFY`), and holds the lock of the node
/// that does the maintenance, which the server frees when the session ends, however it ends.
package final class PostgresLink: NodeLink {
    private struct State {
        /// With the name of the node that tells.
        var untold: [String] = []
        var hear: (@Sendable (NodeNews) -> Void)?
        var isInCharge = false
        var isEnding = false
    }

    /// Between two looks at what is to be told.
    private static let rest = Duration.milliseconds(50)
    /// Between two attempts to take charge, and two checks that the server still answers.
    private static let interval = Duration.seconds(1)
    private static let millisecondsAfterAFailure: CInt = 50
    private static let mostUntold = 10_000

    private let database: PostgresDatabase
    private let line: PostgresLine
    private let node: String
    private let state = Mutex(State())

    /// Connects once it is started.
    package init(_ address: PostgresAddress, database: PostgresDatabase, node: String) {
        self.database = database
        self.node = node
        let times = PostgresTimes()
        let settings = SessionCommands.settings(statement: times.statement, lock: times.lock, idle: times.idle)
        line = PostgresLine(SessionSource(address, settings: settings), name: "runbell.link", priority: .userInitiated)
    }

    package var uncertainCommits: Int { database.uncertainCommits }

    package var isInCharge: Bool { state.withLock { $0.isInCharge } }

    /// In one of the reads that never wait long.
    package func time() async throws(RepositoryError) -> Timestamp {
        let found = try await database.read(.short, in: .noOrganization) { connection throws(RepositoryError) in
            try connection.row(SessionCommands.time, []) { row in row.time(0) }
        }
        guard let found else { throw .unavailable("PostgreSQL does not tell the time") }
        return found
    }

    /// Keeps what is to be told for the next moment, unless the connection has been away for too long.
    package func tell(_ news: NodeNews) {
        let text = "\(node) \(news.text)"
        state.withLock { state in
            guard state.untold.count < Self.mostUntold, !state.untold.contains(text) else { return }
            state.untold.append(text)
        }
    }

    /// From now on; once the session listens, it calls with `changed` again.
    package func listen(_ hear: @escaping @Sendable (NodeNews) -> Void) {
        state.withLock { $0.hear = hear }
        hear(.changed)
    }

    /// Works until `end`, whatever happens to the connection.
    package func start() {
        line.async {
            while !self.isEnding {
                do throws(PostgresFault) {
                    try self.line.use { session throws(PostgresFault) in try self.work(on: session) }
                } catch {
                    self.state.withLock { $0.isInCharge = false }
                    _ = poll(nil, 0, Self.millisecondsAfterAFailure)
                }
            }
            self.line.close()
        }
    }

    /// Tells what is left to tell, and disconnects.
    package func end() async {
        state.withLock { $0.isEnding = true }
        await withCheckedContinuation { continuation in line.async { continuation.resume() } }
    }

    private var isEnding: Bool { state.withLock { $0.isEnding } }

    private func work(on session: PostgresSession) throws(PostgresFault) {
        try session.script(SessionCommands.listen)
        // Something may have been told while nobody listened.
        hear(.changed)
        var next = ContinuousClock.now
        repeat {
            if ContinuousClock.now >= next {
                try lookAfterCharge(session)
                next = .now + Self.interval
            }
            try tellAll(session)
            for text in try session.notices(within: Self.rest) { hear(text) }
        } while !isEnding
        try tellAll(session)
    }

    /// Takes charge if nobody has it, which also shows whether the server still answers.
    private func lookAfterCharge(_ session: PostgresSession) throws(PostgresFault) {
        guard !isInCharge else {
            _ = try session.run(SessionCommands.time)
            return
        }
        let isTaken = try session.run(SessionCommands.takeCharge).firstText == "true"
        state.withLock { $0.isInCharge = isTaken }
    }

    private func tellAll(_ session: PostgresSession) throws(PostgresFault) {
        let texts = state.withLock { state in
            defer { state.untold = [] }
            return state.untold
        }
        guard !texts.isEmpty else { return }
        for start in stride(from: 0, to: texts.count, by: PostgresSession.mostAtOnce) {
            let piece = texts[start..<min(texts.count, start + PostgresSession.mostAtOnce)]
            _ = try session.run([(SessionCommands.notify, piece.map { [.text($0)] }[...])])
        }
    }

    /// What this node told itself comes back, too.
    private func hear(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0] != node, let news = NodeNews(parts[1]) else { return }
        hear(news)
    }

    private func hear(_ news: NodeNews) { state.withLock { $0.hear }?(news) }
}
