import Glibc
import Repository

/// Asks the server what became of a transaction whose commit was not answered, as soon as the server can be reached again.
/// Blocks the writer, which could not commit anything else meanwhile.
struct CommitInquiry {
    private static let patience = Duration.seconds(10)
    private static let millisecondsBetweenQuestions: CInt = 50

    let transaction: String
    let line: PostgresLine

    /// Throws if the server does not say so in time. Then nobody knows.
    func isCommitted() throws(PostgresFault) -> Bool {
        let end = ContinuousClock.now + Self.patience
        repeat {
            do throws(PostgresFault) {
                let answer = try line.use { session throws(PostgresFault) in
                    try session.run(SessionCommands.outcome, [.text(transaction)]).firstText
                }
                switch answer {
                case "committed": return true
                case "aborted": return false
                default: break
                }
            } catch {
                guard error.meaning == .lost else { throw error }
            }
            _ = poll(nil, 0, Self.millisecondsBetweenQuestions)
        } while ContinuousClock.now < end
        throw PostgresFault(
            meaning: .mistake, message: "the connection was lost during a commit, which may have succeeded")
    }
}
