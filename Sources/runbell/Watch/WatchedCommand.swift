import Foundation
import Notifications

/// Runs a command to its end and forwards the signals that it did not get itself.
struct WatchedCommand: Sendable {
    let command: [String]
    let timeout: Duration?
    let inherited: InheritedSignals

    /// A signal from `kill` goes to one process or to a whole group, and we cannot tell which. A second SIGINT makes k6
    /// stop without its summary, so a signal is only forwarded to a child that is still running after this time.
    static let patience = Duration.seconds(1)
    /// How long a command may take to end after its time-out before it is killed.
    static let grace = Duration.seconds(30)

    /// Runs it between the two events, and returns the exit code, of which `codes` say what the second event says; then tells
    /// what became of that. Without an announcer, there are no events.
    func run(
        telling announcer: RunAnnouncer?, _ codes: ExitCodes, then tell: (AnnouncedEvent) async -> Void
    ) async throws(CommandFailure) -> Int32 {
        let inbox = try SignalInbox()
        do throws(StartFailure) {
            try CommandSearch.check(command[0])
        } catch {
            Console.complain("\(command[0]): \(error.text)")
            return error.code
        }
        await announcer?.announceStart()
        do throws(StartFailure) {
            let ending = try await run(inbox)
            if let event = await announcer?.announceEnd(ending.status(codes)) { await tell(event) }
            return ending.code
        } catch {
            Console.complain("\(command[0]): \(error.text)")
            await announcer?.announceEnd(.abortedBySystem)
            return error.code
        }
    }

    /// Waits on a separate thread, because the wait blocks.
    private func run(_ inbox: SignalInbox) async throws(StartFailure) -> RunEnding {
        let result: Result<RunEnding, StartFailure> = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: Result { () throws(StartFailure) in try runBlocking(inbox) })
            }
        }
        return try result.get()
    }

    private func runBlocking(_ inbox: SignalInbox) throws(StartFailure) -> RunEnding {
        let early = inbox.letters().first { $0.signal != SIGCHLD }
        if let early { return RunEnding(.signal(early.signal), interrupted: true) }
        let child = try ChildProcess(command, inheriting: inherited)
        inbox.listenToAll()
        var wait = Wait(timeout: timeout, ignored: inbox.ignoredAtStart)
        while true {
            for letter in inbox.letters() where letter.signal != SIGCHLD { wait.note(letter) }
            if let exit = child.poll() { return wait.ending(exit) }
            for signal in wait.due() { child.send(signal) }
            inbox.wait(milliseconds: wait.pause)
        }
    }
}

/// What has still to be sent to the child, and when.
private struct Wait {
    private(set) var timedOut = false
    /// The signals received so far.
    private var noted: Set<Int32> = []
    private let ignored: Set<Int32>
    private var plans: [(at: ContinuousClock.Instant, signal: Int32)] = []
    private var deadline: ContinuousClock.Instant?

    /// - Parameter ignored: the signals that were ignored at the start.
    init(timeout: Duration?, ignored: [Int32]) {
        self.ignored = Set(ignored)
        deadline = timeout.map { .now + $0 }
    }

    mutating func note(_ letter: SignalInbox.Letter) {
        noted.insert(letter.signal)
        guard !letter.isFromTerminal, !plans.contains(where: { $0.signal == letter.signal }) else { return }
        plans.append((.now + WatchedCommand.patience, letter.signal))
    }

    /// Under `nohup`, a hang-up asks nothing of the command: unless it dies of a signal, its exit code tells what happened.
    func ending(_ exit: RunEnding.Exit) -> RunEnding {
        let counting = if case .signal = exit { noted } else { noted.subtracting(ignored) }
        return RunEnding(exit, timedOut: timedOut, interrupted: !counting.isEmpty)
    }

    /// The signals that are due; each is returned once.
    mutating func due() -> [Int32] {
        let now = ContinuousClock.now
        if let deadline, deadline <= now {
            self.deadline = nil
            timedOut = true
            plans += [(now, SIGTERM), (now + WatchedCommand.grace, SIGKILL)]
        }
        let due = plans.filter { $0.at <= now }.map(\.signal)
        plans.removeAll { $0.at <= now }
        return due
    }

    /// Milliseconds until something is due; at most a second, in case a SIGCHLD is missed.
    var pause: Int32 {
        guard let next = (plans.map(\.at) + [deadline].compactMap { $0 }).min() else { return 1000 }
        return Int32(min(1000, max(1, (next - .now).milliseconds.rounded(.up))))
    }
}
