import Glibc
import Repository

/// Asks the server what became of a transaction whose commit was not answered, as soon as the server can be reached again.
/// Blocks the writer, which could not commit anything else meanwhile.
struct CommitInquiry {
    private static let patience = Duration.seconds(10)
    private static let millisecondsBetweenQuestions: CInt = 50

    let transaction: CommittingTransaction
    let line: PostgresLine

    /// Throws if the server does not say so in time. Then nobody knows.
    func isCommitted() throws(PostgresFault) -> Bool {
        let end = ContinuousClock.now + Self.patience
        repeat {
            do throws(PostgresFault) {
                let answer = try line.use { session throws(PostgresFault) in try ask(session) }
                if let answer { return answer }
            } catch {
                guard error.meaning == .lost else { throw error }
            }
            _ = poll(nil, 0, Self.millisecondsBetweenQuestions)
        } while ContinuousClock.now < end
        throw Self.unknown
    }

    /// Nil while the server is not done with it.
    private func ask(_ session: PostgresSession) throws(PostgresFault) -> Bool? {
        let server = try session.run(SessionCommands.server).firstText.flatMap(ServerState.init)
        guard let server else { throw Self.unknown }
        switch transaction.knowledge(of: server) {
        case .isMissing: return false
        case .isUncertain: throw Self.unknown
        case .isThere: break
        }
        switch try session.run(SessionCommands.outcome, [.text(transaction.id)]).firstText {
        case "committed": return true
        case "aborted": return false
        default: return nil
        }
    }

    private static let unknown = PostgresFault(
        meaning: .mistake, message: "the connection was lost during a commit, which may have succeeded")
}
