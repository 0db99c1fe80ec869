import Repository
import Synchronization

/// The bodies of one transaction. While it waits for its turn to write, more of them come, so it takes them as it runs; once
/// taken, a body belongs to the group in every further run.
final class WriteGroup: Sendable {
    /// A transaction holds at most this many bodies, and none starts after this time. More than 64 subtransactions would make
    /// every snapshot of the server slower (https://www.postgresql.org/docs/15/subxacts.html).
    private static let mostBodies = 60
    private static let longest = Duration.milliseconds(4)

    private struct State {
        var bodies: [any PendingWrite] = []
        /// Of bodies that succeeded although a statement of theirs had failed.
        var failures: [Int: RepositoryError] = [:]
    }

    private let take: @Sendable (Int) -> [any PendingWrite]
    private let state: Mutex<State>

    /// Has a body from the beginning: it is answered even if there is no session to run on.
    ///
    /// - Parameter take: takes up to so many of the waiting bodies.
    init(taking take: @escaping @Sendable (Int) -> [any PendingWrite]) {
        self.take = take
        state = Mutex(State(bodies: take(1)))
    }

    /// Runs the bodies and commits. When this throws, nothing has happened. Returns the transaction if the connection was
    /// lost while it committed: only the server knows whether it did.
    func run(on session: PostgresSession) throws(PostgresFault) -> CommittingTransaction? {
        state.withLock { $0.failures = [:] }
        do throws(PostgresFault) {
            try session.prepare(SessionCommands.ofWriter)
            for command in SessionCommands.beginWriting { session.queue(SessionCommand(command)) }
            session.forgetOldPlans()
            session.inquire(SessionCommand(SessionCommands.transaction))
            defer { session.inquire(nil) }
            var (number, end): (Int, ContinuousClock.Instant?) = (0, nil)
            while let body = body(number, isLate: end.map { ContinuousClock.now >= $0 } ?? false) {
                try run(body, number, on: session)
                number += 1
                // The first one waited for the turn.
                end = end ?? .now + Self.longest
            }
            return try commit(session)
        } catch {
            session.rollBack()
            throw error
        }
    }

    /// Answers all callers: with the failure of the whole group, if there is one.
    func answer(failure: RepositoryError?) {
        let (bodies, failures) = state.withLock { ($0.bodies, $0.failures) }
        for (number, body) in bodies.enumerated() { body.finish(failure: failure ?? failures[number]) }
    }

    /// The next body; nil if there is none, or it is too late to take another one.
    private func body(_ number: Int, isLate: Bool) -> (any PendingWrite)? {
        state.withLock { state in
            if number == state.bodies.count, number < Self.mostBodies, !isLate { state.bodies += take(1) }
            return number < state.bodies.count ? state.bodies[number] : nil
        }
    }

    private func run(
        _ body: any PendingWrite, _ number: Int, on session: PostgresSession
    ) throws(PostgresFault) {
        session.queue(SessionCommand(SessionCommands.mark))
        session.queue(SessionCommands.scope(body.scope))
        let succeeded = body.run(on: PostgresConnection(session: session))
        let fault = session.takeFault()
        if let fault, fault.endsTransaction { throw fault }
        if succeeded, fault == nil { return session.queue(SessionCommand(SessionCommands.keep)) }
        if succeeded { state.withLock { $0.failures[number] = PostgresFault.swallowed.ofWrite } }
        session.queue(SessionCommand(SessionCommands.undo))
        session.queue(SessionCommand(SessionCommands.keep))
        // A failed transaction takes nothing else.
        guard session.isFailed else { return }
        do throws(PostgresFault) {
            try session.flush()
        } catch {
            // There is no savepoint to go back to where the turn to write was not given: that is what failed.
            throw error.endsSession ? error : fault ?? error
        }
    }

    private func commit(_ session: PostgresSession) throws(PostgresFault) -> CommittingTransaction? {
        // Nothing was asked of the server.
        guard session.isInTransaction else {
            session.forget()
            return nil
        }
        let transaction =
            if let answer = session.answerToInquiry { answer } else {
                try session.run(SessionCommands.transaction).firstText
            }
        do throws(PostgresFault) {
            let done = try session.committing { () throws(PostgresFault) in try session.run(SessionCommands.commit) }
            guard done.command == "COMMIT" else {
                throw PostgresFault(meaning: .mistake, message: "the server rolled a commit back")
            }
            return nil
        } catch {
            guard error.meaning == .lost, let transaction = transaction.flatMap(CommittingTransaction.init) else {
                throw error
            }
            return transaction
        }
    }
}
