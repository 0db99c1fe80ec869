import Notifications
import Repository

/// The commands around bodies, and the settings of sessions.
enum SessionCommands {
    /// One writer at a time over all nodes: whoever begins waits for its turn, and has it until its commit is on disk
    /// (decision 26). Every statement sees what was committed before.
    static let beginWriting = ["BEGIN ISOLATION LEVEL READ COMMITTED", "SELECT pg_advisory_xact_lock(1381322306, 1)"]
    private static let beginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    static let mark = "SAVEPOINT body"
    static let keep = "RELEASE SAVEPOINT body"
    static let undo = "ROLLBACK TO SAVEPOINT body"
    static let commit = "COMMIT"
    static let forgetPlans = "DISCARD PLANS"
    static let rollback = "ROLLBACK"
    private static let setScope = "SELECT set_config('runbell.organization', $1, true)"
    /// What there is to know about the transaction before it commits (`CommittingTransaction`); NULL if it has changed
    /// nothing.
    static let transaction = """
        SELECT pg_current_xact_id_if_assigned()::text || ' ' || (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text
            || ' ' || \(stateOfServer)
        """
    static let server = "SELECT \(stateOfServer)"
    private static let stateOfServer = """
        extract(epoch FROM pg_postmaster_start_time())::text || ' ' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
            || ' ' || coalesce((pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::text, '-')
        """
    /// What became of a transaction: https://www.postgresql.org/docs/15/functions-info.html.
    static let outcome = "SELECT pg_xact_status($1::xid8)"
    /// Writes and commits, which waits for everything that was committed before; stores nothing.
    static let confirm = "SELECT pg_logical_emit_message(true, 'runbell', '')::text"
    /// Held by the writing session of a node: its name, and that nodes are at work, which a version that knows none waits
    /// for. It waits as long as for any lock, since the server takes a moment to notice that the process before has died.
    static func claim(_ node: String) -> String {
        let name = node.replacing("'", with: "''")
        return "SELECT pg_advisory_lock_shared(1381322306, 3), pg_advisory_lock(1381322307, hashtext('\(name)'))"
    }
    /// Held by the one node that does the maintenance.
    static let takeCharge = "SELECT pg_try_advisory_lock(1381322306, 4)::text"
    static let listen = "LISTEN runbell"
    static let notify = "SELECT pg_notify('runbell', $1)"
    /// In microseconds since 1970.
    static let time = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
    /// Held while a node migrates.
    static let lockForMigrating = "SELECT pg_advisory_lock(1381322306, 2)"

    /// What sessions prepare when they begin, because a failed transaction cannot.
    static let ofWriter = beginWriting + [forgetPlans, setScope, mark, keep, undo, commit, rollback, transaction]

    /// Whose rows the policies of the schema let through from now on, until the transaction or the savepoint ends.
    static func scope(_ scope: DataScope) -> SessionCommand {
        let word =
            switch scope {
            case .organization(let id): id.description
            case .wholeService: "all"
            case .noOrganization: ""
            }
        return SessionCommand(setScope, [.text(word)])
    }

    /// For migrations, which concern all rows.
    static let setWholeScope = "SELECT set_config('runbell.organization', 'all', false)"

    /// - Parameter limit: of each statement; nil for the session's.
    static func openingRead(in scope: DataScope, limit: Duration?) -> [SessionCommand] {
        let limit = limit.map { SessionCommand("SET LOCAL statement_timeout = \(milliseconds($0))") }
        return [SessionCommand(beginReading)] + [limit].compactMap { $0 } + [Self.scope(scope)]
    }

    /// The server notices within seconds when a node is gone without a word, and frees what it had locked. Keepalives are
    /// not sent while something is unacknowledged, such as what other nodes tell: then it is the user timeout that counts,
    /// instead of a quarter of an hour (tcp(7)).
    ///
    /// Plans are made once, perhaps while a table is small, and it may grow a thousandfold before they are made again: so
    /// they never read whole tables where there is an index. A commit is on disk when it is answered, whatever the
    /// server's default is.
    static func settings(statement: Duration, lock: Duration, idle: Duration) -> String {
        """
        SET statement_timeout = \(milliseconds(statement));
        SET lock_timeout = \(milliseconds(lock));
        SET idle_in_transaction_session_timeout = \(milliseconds(idle));
        SET tcp_keepalives_idle = 10;
        SET tcp_keepalives_interval = 3;
        SET tcp_keepalives_count = 3;
        SET tcp_user_timeout = 15000;
        SET enable_seqscan = off;
        SET jit = off;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
        """
    }

    private static func milliseconds(_ time: Duration) -> Int { Int(time / .milliseconds(1)) }
}
