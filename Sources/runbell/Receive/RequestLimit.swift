import Notifications
import Synchronization

/// How many requests a service takes in how much time.
struct RequestLimit: Sendable {
    let count: Int
    let seconds: Int
}

/// Counts the requests to each path, as the services' own limiters do.
final class RequestCounter: Sendable {
    private let times = Mutex<[ForeignText: [Timestamp]]>([:])

    /// Counts a request; false if the limit is used up, in which case it does not count.
    func takes(_ path: String, at now: Timestamp, limit: RequestLimit) -> Bool {
        times.withLock { times in
            // This receiver is for looking, not for keeping.
            if times.count > 10_000 { times.removeAll() }
            let start = now + .seconds(-Int64(limit.seconds))
            let recent = (times[ForeignText(path)] ?? []).filter { $0 > start }
            guard recent.count < limit.count else { return false }
            times[ForeignText(path)] = recent + [now]
            return true
        }
    }
}
