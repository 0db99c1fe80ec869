import CPostgres
import Notifications
import Repository

/// A failure of libpq or of the server, and what it means for whoever asked.
struct PostgresFault: Error {
    enum Meaning: Equatable {
        /// Another transaction was in the way: the same again may succeed.
        case conflict
        /// There is no connection, or no longer.
        case lost
        /// The server has become a standby.
        case readOnly
        /// Somebody else had a lock for too long.
        case locked
        /// The statement was cancelled, or took too long.
        case stopped
        case noSpace
        /// A text with U+0000, which PostgreSQL cannot store.
        case nul
        /// Anything else: a mistake in a statement, a violated constraint.
        case mistake
    }

    let meaning: Meaning
    /// For the log; without values.
    let message: String
}

extension PostgresFault {
    /// A failed statement's.
    init(_ result: OpaquePointer) {
        let state = cpostgres_state(result).map { String(cString: $0) } ?? ""
        let words = cpostgres_message(result).map { String(cString: $0) } ?? "the connection was lost"
        meaning = state.isEmpty ? .lost : Self.meaning(of: state)
        message = "\(words) (\(state))" + (Self.statesOfPoolers.contains(state) ? Self.poolerHint : "")
    }

    /// Of statements that exist already, or no longer: behind a pooler, one session's are another one's.
    private static let statesOfPoolers = ["26000", "42P05"]
    private static let poolerHint = "; a connection pooler must pool sessions, not transactions"

    /// The codes of https://www.postgresql.org/docs/15/errcodes-appendix.html.
    static func meaning(of state: String) -> Meaning {
        switch state {
        case "40001", "40P01": .conflict
        case "25006": .readOnly
        case "55P03": .locked
        case "57014": .stopped
        case "53100": .noSpace
        // The server stops, or ended the session because it was idle inside a transaction.
        case "57P01", "57P02", "57P03", "57P05", "25P03": .lost
        case _ where state.hasPrefix("08"): .lost
        default: .mistake
        }
    }

    /// As a failure of a write. Nobody stops one whose caller has gone.
    var ofWrite: RepositoryError {
        meaning == .stopped ? .unavailable("PostgreSQL: \(message)") : RepositoryError(self)
    }

    static let nul = PostgresFault(meaning: .nul, message: "a text contains the NUL character")
    static let swallowed = PostgresFault(meaning: .mistake, message: "a body went on after a failed statement")

    /// The whole transaction has to run again, whatever its body made of the failure.
    var endsTransaction: Bool {
        switch meaning {
        case .conflict, .lost, .readOnly, .locked: true
        case .stopped, .noSpace, .nul, .mistake: false
        }
    }

    /// The connection is of no more use.
    var endsSession: Bool {
        switch meaning {
        case .lost, .readOnly: true
        case .conflict, .locked, .stopped, .noSpace, .nul, .mistake: false
        }
    }
}

extension RepositoryError {
    /// The only place where PostgreSQL's failures become `RepositoryError`.
    init(_ fault: PostgresFault) {
        switch fault.meaning {
        case .noSpace: self = .noSpace
        case .stopped: self = .abandoned
        case .nul: self = .invalid(InvalidInput("text", "The NUL character is not allowed."))
        case .conflict, .lost, .readOnly, .locked, .mistake:
            self = .unavailable("PostgreSQL: \(fault.message)")
        }
    }
}
