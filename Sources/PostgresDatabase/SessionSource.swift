import Repository
import Synchronization

/// Connects to the server, with pauses while it cannot be reached: whoever asks meanwhile is refused at once.
final class SessionSource: Sendable {
    private let address: PostgresAddress
    private let settings: String
    private let claim: String?
    private let isForWriting: Bool
    private let onRoundTrip: @Sendable () -> Void
    private let state = Mutex(State())

    private struct State {
        var pause = ConnectionPause()
        var lastFailure = PostgresFault(meaning: .lost, message: "the server cannot be reached")
    }

    /// - Parameters:
    ///   - settings: statements that prepare a session.
    ///   - claim: takes a lock that the session holds as long as it lives.
    ///   - isForWriting: whether a session begins only when everything that was committed before is acknowledged.
    ///   - onRoundTrip: is called whenever a session waits for an answer.
    init(
        _ address: PostgresAddress, settings: String, claim: String? = nil, isForWriting: Bool = false,
        onRoundTrip: @escaping @Sendable () -> Void = {}
    ) {
        self.address = address
        self.settings = settings
        self.claim = claim
        self.isForWriting = isForWriting
        self.onRoundTrip = onRoundTrip
    }

    /// During a pause, throws what the last attempt did.
    func connect() throws(PostgresFault) -> PostgresSession {
        let failure = state.withLock { $0.pause.mayConnect(at: .now) ? nil : $0.lastFailure }
        if let failure { throw failure }
        do throws(PostgresFault) {
            let session = try PostgresSession(address, settings: settings, onRoundTrip: onRoundTrip)
            if let claim { try Self.take(claim, on: session) }
            if isForWriting { try Self.confirmCommits(on: session) }
            state.withLock { $0.pause.succeeded() }
            return session
        } catch {
            state.withLock { state in
                state.pause.failed(at: .now)
                state.lastFailure = error
            }
            throw error
        }
    }

    private static func take(_ claim: String, on session: PostgresSession) throws(PostgresFault) {
        do throws(PostgresFault) {
            _ = try session.run(claim)
        } catch {
            guard error.meaning == .locked else { throw error }
            throw PostgresFault(
                meaning: .lost,
                message: "another process is using the database under the name of this node, or is of an older "
                    + "version; or a commit of this node still waits for a standby")
        }
    }

    /// Waits until everything that anybody has committed is where `synchronous_standby_names` wants it. Where a server
    /// stops, or a session ends, while its commit waits for a standby, the transaction is committed all the same, and the
    /// server says so when it is asked: whoever is answered then could lose what was acknowledged with the server.
    private static func confirmCommits(on session: PostgresSession) throws(PostgresFault) {
        do throws(PostgresFault) {
            try session.committing { () throws(PostgresFault) in _ = try session.run(SessionCommands.confirm) }
        } catch {
            guard error.meaning == .lost else { throw error }
            throw PostgresFault(
                meaning: .lost,
                message: "\(error.message): it has not confirmed earlier commits, perhaps because no standby answers")
        }
    }
}

/// How long to wait after a failed attempt to connect: 100 ms, doubling to a second. A pure value.
struct ConnectionPause {
    private static let first = Duration.milliseconds(100)
    private static let longest = Duration.seconds(1)

    private var pause: Duration?
    private var next: ContinuousClock.Instant?

    func mayConnect(at now: ContinuousClock.Instant) -> Bool { next.map { now >= $0 } ?? true }

    mutating func failed(at now: ContinuousClock.Instant) {
        let pause = min(pause.map { $0 * 2 } ?? Self.first, Self.longest)
        (self.pause, next) = (pause, now + pause)
    }

    mutating func succeeded() { (pause, next) = (nil, nil) }
}
