import CPostgres
import Glibc
import Repository

/// One connection to the server, used by one thread at a time. Statements are prepared once. What needs no answer of its
/// own, such as `BEGIN`, is sent together with the next statement (libpq's pipeline mode,
/// https://www.postgresql.org/docs/15/libpq-pipeline-mode.html), so it costs no round trip.
final class PostgresSession {
    /// Statements sent before their results are read: their results fit into the sockets' buffers, so that client and
    /// server never wait for each other.
    static let mostAtOnce = 256
    /// Statements that are composed as a caller asks never end, and both sides keep each that was prepared.
    static let mostStatements = 500
    /// The oldest version with all that we use. Tests run on it.
    private static let oldestVersion: CInt = 150_000

    private let connection: OpaquePointer
    private let onRoundTrip: @Sendable () -> Void
    let canceller: Canceller
    private var statements: [String: PreparedStatement] = [:]
    /// For an answer. The server's own limits are shorter: whoever has not answered by then is not there.
    private var patience = Duration.seconds(60)
    /// For the answer to a commit: the server may wait for its standby, and nobody knows for how long.
    private static let patienceOfCommits = Duration.seconds(10)
    private var plans = PlanAge()
    /// How many names were given to statements.
    private var names = 0
    /// Sent with the next statement.
    private var queued: [SessionCommand] = []
    /// What is sent with the next statements that write, until it has an answer.
    private var inquiry: SessionCommand?
    /// Its answer; nil if there is none yet.
    private(set) var answerToInquiry: String?
    /// The gravest failure since `takeFault()`: a body may hide it.
    private var fault: PostgresFault?
    /// The connection was lost, or the server has become a standby.
    private var hasEnded = false

    /// Connects.
    ///
    /// - Parameters:
    ///   - settings: statements that prepare the session.
    ///   - onRoundTrip: is called whenever the session waits for an answer.
    init(
        _ address: PostgresAddress, settings: String, onRoundTrip: @escaping @Sendable () -> Void = {}
    ) throws(PostgresFault) {
        guard let connection = address.connect() else {
            throw PostgresFault(meaning: .lost, message: "no memory for a connection")
        }
        self.connection = connection
        self.onRoundTrip = onRoundTrip
        canceller = Canceller(connection)
        cpostgres_ignore_notices(connection)
        guard PQstatus(connection) == CONNECTION_OK else { throw lost() }
        guard PQserverVersion(connection) >= Self.oldestVersion else {
            throw PostgresFault(meaning: .lost, message: "the server is older than PostgreSQL 15")
        }
        guard PQparameterStatus(connection, "server_encoding").map({ String(cString: $0) }) == "UTF8" else {
            throw PostgresFault(meaning: .lost, message: "the database's encoding is not UTF8")
        }
        PQenterPipelineMode(connection)
        if !settings.isEmpty { try script(settings) }
    }

    deinit { PQfinish(connection) }

    /// Adds a command that is sent with the next statement. It must have been prepared (`prepare`).
    func queue(_ command: SessionCommand) { queued.append(command) }

    /// Has a question sent along with the statements that write, until it gets an answer other than NULL: then it costs no
    /// round trip. It must have been prepared (`prepare`).
    func inquire(_ question: SessionCommand?) { (inquiry, answerToInquiry) = (question, nil) }

    /// To be called at the beginning of a transaction: what was planned for smaller tables is planned anew, now and then.
    func forgetOldPlans() {
        if plans.isOver() { queue(SessionCommand(SessionCommands.forgetPlans)) }
    }

    /// Prepares statements in one round trip.
    func prepare(_ texts: [String]) throws(PostgresFault) {
        let missing = texts.filter { statements[$0] == nil }
        guard !missing.isEmpty else { return }
        // A mistake in the statement must not end more than the body it is from.
        try flush()
        let first = names
        names += missing.count
        for (index, text) in missing.enumerated() {
            let name = "s\(first + index)"
            try sent(PQsendPrepare(connection, name, text, 0, nil))
            try sent(PQsendDescribePrepared(connection, name))
        }
        let results = try answers(to: 2 * missing.count)
        for (index, text) in missing.enumerated() {
            statements[text] = PreparedStatement(text, name: "s\(first + index)", describedBy: results[2 * index + 1])
        }
    }

    /// Runs a statement, with what is queued before it, in one round trip.
    func run(_ sql: String, _ values: [SQLValue] = []) throws(PostgresFault) -> PostgresResult {
        guard let result = try run([(sql, [values][...])]).last else {
            throw PostgresFault(meaning: .mistake, message: "nothing was sent")
        }
        return result
    }

    /// A statement, and the lists of values that it is run with.
    typealias Command = (sql: String, lists: ArraySlice<[SQLValue]>)

    /// Runs each statement once per list of values (`mostAtOnce` of them at most), in one round trip. Returns a result for
    /// each list.
    func run(_ commands: [Command]) throws(PostgresFault) -> [PostgresResult] {
        try noting { () throws(PostgresFault) in
            try prepare(commands.map(\.sql))
            var runs: [(PreparedStatement, ParameterList)] = []
            for command in commands {
                let statement = try prepared(command.sql)
                for values in command.lists {
                    runs.append((statement, try ParameterList(values, types: statement.types)))
                }
            }
            let question = answerToInquiry == nil && runs.contains { $0.0.writes } ? inquiry : nil
            if let question {
                let statement = try prepared(question.sql)
                runs.append((statement, try ParameterList(question.values, types: statement.types)))
            }
            let count = try sendQueued()
            for (statement, list) in runs { try send(statement, list) }
            plans.note(runs.count)
            var results = try answers(to: count + runs.count).suffix(runs.count)
            if question != nil { answerToInquiry = results.removeLast().firstText }
            return Array(results)
        }
    }

    /// Runs something that commits.
    func committing<Value>(_ work: () throws(PostgresFault) -> Value) throws(PostgresFault) -> Value {
        let usual = patience
        patience = Self.patienceOfCommits
        defer { patience = usual }
        return try work()
    }

    /// Sends what is queued.
    func flush() throws(PostgresFault) {
        guard !queued.isEmpty else { return }
        _ = try answers(to: try sendQueued())
    }

    /// Runs statements that are sent as one text. Outside a transaction they are one.
    func script(_ sql: String) throws(PostgresFault) {
        PQexitPipelineMode(connection)
        defer { PQenterPipelineMode(connection) }
        guard let result = PQexec(connection, sql) else { throw lost() }
        defer { PQclear(result) }
        if PQresultStatus(result) == PGRES_FATAL_ERROR { throw PostgresFault(result) }
    }

    /// Nothing queued will be sent.
    func forget() { queued = [] }

    /// If this fails, the session will be closed, which rolls back too.
    func rollBack() {
        forget()
        if isInTransaction, !isBroken { _ = try? run(SessionCommands.rollback) }
        _ = takeFault()
    }

    var isBroken: Bool { hasEnded || PQstatus(connection) != CONNECTION_OK }
    /// It knows so many statements that another session is to take its place.
    var isFull: Bool { statements.count >= Self.mostStatements }
    var isInTransaction: Bool { PQtransactionStatus(connection) != PQTRANS_IDLE }
    /// A statement has failed, and the server will refuse all others until it is rolled back.
    var isFailed: Bool { PQtransactionStatus(connection) == PQTRANS_INERROR }

    /// The gravest failure since the last call.
    func takeFault() -> PostgresFault? {
        defer { fault = nil }
        return fault
    }

    /// Remembers a failure.
    private func noting<Value>(_ work: () throws(PostgresFault) -> Value) throws(PostgresFault) -> Value {
        do throws(PostgresFault) {
            return try work()
        } catch {
            if fault?.endsTransaction != true { fault = error }
            if error.endsSession { hasEnded = true }
            throw error
        }
    }
}

/// What is sent and received.
extension PostgresSession {
    private func prepared(_ sql: String) throws(PostgresFault) -> PreparedStatement {
        guard let statement = statements[sql] else {
            throw PostgresFault(meaning: .mistake, message: "a queued command was not prepared")
        }
        return statement
    }

    /// Returns how many commands were sent.
    private func sendQueued() throws(PostgresFault) -> Int {
        let commands = queued
        queued = []
        for command in commands {
            let statement = try prepared(command.sql)
            try send(statement, try ParameterList(command.values, types: statement.types))
        }
        return commands.count
    }

    private func send(_ statement: PreparedStatement, _ parameters: ParameterList) throws(PostgresFault) {
        try sent(
            parameters.send { values, lengths, formats in
                PQsendQueryPrepared(connection, statement.name, parameters.count, values, lengths, formats, 1)
            })
    }

    private func sent(_ success: CInt) throws(PostgresFault) {
        guard success == 1 else { throw lost() }
    }

    /// Waits for all results. Throws the first failure once all of them have been read.
    private func answers(to count: Int) throws(PostgresFault) -> [PostgresResult] {
        try sent(PQpipelineSync(connection))
        onRoundTrip()
        var results: [PostgresResult] = []
        var failure: PostgresFault?
        for _ in 0..<count {
            guard let result = try answer() else { throw lost() }
            if failure == nil, PQresultStatus(result.pointer) == PGRES_FATAL_ERROR {
                failure = PostgresFault(result.pointer)
            }
            if failure?.meaning == .lost || PQstatus(connection) != CONNECTION_OK { throw failure ?? lost() }
            results.append(result)
            // The end of this statement's results.
            guard try answer() == nil else { throw lost() }
        }
        guard let end = try answer(), PQresultStatus(end.pointer) == PGRES_PIPELINE_SYNC else { throw lost() }
        if let failure { throw failure }
        return results
    }

    private func answer() throws(PostgresFault) -> PostgresResult? {
        let end = ContinuousClock.now + patience
        while PQisBusy(connection) == 1 {
            guard isReadable(by: end), PQconsumeInput(connection) == 1 else { throw lost() }
        }
        return PQgetResult(connection).map { PostgresResult($0) }
    }

    private func isReadable(by end: ContinuousClock.Instant) -> Bool {
        var wanted = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
        while true {
            let left = (end - .now) / .milliseconds(1)
            guard left > 0 else { return false }
            let found = poll(&wanted, 1, CInt(left.rounded(.up)))
            if found > 0 { return true }
            if found < 0, errno != EINTR { return false }
        }
    }

    private func lost() -> PostgresFault {
        let words = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let lines = words.split(separator: "\n").map { $0.drop { $0 == "\t" } }.joined(separator: "; ")
        let lost = PostgresFault(meaning: .lost, message: lines.isEmpty ? "the server did not answer" : lines)
        (fault, hasEnded) = (lost, true)
        return lost
    }
}

/// What other sessions tell.
extension PostgresSession {
    /// What has come since the last call, or comes within this time.
    func notices(within time: Duration) throws(PostgresFault) -> [String] {
        if isReadable(by: .now + time), PQconsumeInput(connection) != 1 { throw lost() }
        guard PQstatus(connection) == CONNECTION_OK else { throw lost() }
        var texts: [String] = []
        while let notice = PQnotifies(connection) {
            texts.append(String(cString: notice.pointee.extra))
            PQfreemem(notice)
        }
        return texts
    }
}

/// A command that needs no answer of its own.
struct SessionCommand: Sendable {
    let sql: String
    let values: [SQLValue]

    init(_ sql: String, _ values: [SQLValue] = []) {
        (self.sql, self.values) = (sql, values)
    }
}

/// A statement that the server knows by name, and the types that it gave its values.
struct PreparedStatement {
    let name: String
    let types: [UInt32]
    /// Whether it may change rows. It need not be known of statements that begin with something else.
    let writes: Bool

    init(_ text: String, name: String, describedBy description: PostgresResult) {
        self.name = name
        writes = ["INSERT", "UPDATE", "DELETE"].contains { text.utf8.starts(with: $0.utf8) }
        types = (0..<PQnparams(description.pointer)).map { PQparamtype(description.pointer, $0) }
    }
}
