import Dispatch
import Glibc

/// Ends a process that cannot stop, such as one whose database does not answer. What was in progress is due again for the
/// next process, as after a kill.
enum LastResort {
    /// In seconds, from the signal on.
    static let patience = 30

    /// Not a task, because all task threads may be busy; and no exit handlers may run, which might wait for the same thing.
    static func begin() {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(patience)) {
            Console.complain(
                "could not stop within \(patience) s, perhaps because the database does not answer, so this process ends; "
                    + "the next one goes on with what was in progress")
            _exit(CommandExit.failed.rawValue)
        }
    }
}
