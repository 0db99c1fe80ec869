import Glibc

/// How many files and connections the process may have open.
enum OpenFiles {
    /// Raises the limit to what the system allows. The usual 1,024 exist for programs that use select(2)
    /// (http://0pointer.net/blog/file-descriptor-limits.html); with them, the service would run out of connections.
    static func raiseLimit() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }
}
