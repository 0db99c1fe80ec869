import Glibc
import WebServing

/// How many files and connections the process may have open. The table must never be full: Dispatch, which looks at
/// `/proc/self/task` every second while its threads are busy, ends the process where it cannot open a file there
/// (`_dispatch_workq_count_runnable_workers`). So clients, who need no key to connect, get only a part of it.
struct OpenFiles: Equatable {
    /// For requests to receivers, kept connections and Test Hooks; for connections that are refused; and for the database,
    /// look-ups of names and everything else.
    private static let others = 3200
    /// With fewer, not even those that are refused leave enough.
    static let least = 512

    let limit: Int

    /// Raises the limit to what the system allows. The usual 1,024 exist for programs that use select(2)
    /// (http://0pointer.net/blog/file-descriptor-limits.html); with them, the service would run out of connections.
    static func raised() throws(CommandFailure) -> OpenFiles {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return OpenFiles(limit: 1024) }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            setrlimit(resource, &limit)
            getrlimit(resource, &limit)
        }
        let files = OpenFiles(limit: Int(clamping: limit.rlim_cur))
        guard files.limit >= least else {
            throw CommandFailure(
                .refused,
                "only \(files.limit) open files are allowed; the service needs \(least) (LimitNOFILE=, ulimit -n)")
        }
        return files
    }

    /// How many connections of clients are served at once.
    var connections: Int { min(WebServer.mostConnections, max(limit - Self.others, limit / 4)) }

    /// What an operator should know about it; nil if all is well.
    var weakness: String? {
        guard connections < WebServer.mostConnections else { return nil }
        return "Only \(limit) open files are allowed (LimitNOFILE=, ulimit -n), "
            + "so \(connections) connections are served at once"
    }
}
