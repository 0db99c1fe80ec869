import Glibc

/// How many files and connections the process may have open.
enum OpenFiles {
    /// Takes what the system allows. The usual 1,024 are there for programs that use select(2)
    /// (http://0pointer.net/blog/file-descriptor-limits.html); ours would be out of connections.
    static func raiseLimit() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }
}
