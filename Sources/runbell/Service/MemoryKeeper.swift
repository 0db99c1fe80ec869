import EventRouting
import Glibc
import ServiceLifecycle

/// Returns freed memory to the system, at quiet times.
struct MemoryKeeper: Service {
    private static let interval = Duration.seconds(10)

    func run() async throws {
        guard let trim = Self.trim else { return }
        var trimming = MemoryTrimming()
        while !ServicePause.isEnding {
            await ServicePause.rest(Self.interval)
            guard let resident = Self.resident, trimming.isDue(resident) else { continue }
            _ = trim(0)
            trimming.trimmed(to: Self.resident ?? resident)
        }
    }

    /// glibc's `malloc_trim` (https://man7.org/linux/man-pages/man3/malloc_trim.3.html), whose header Swift does not
    /// import; nil with another C library.
    private static var trim: (@convention(c) (Int) -> CInt)? {
        dlsym(nil, "malloc_trim").map { unsafeBitCast($0, to: (@convention(c) (Int) -> CInt).self) }
    }

    /// The process's resident bytes (proc_pid_statm(5)).
    private static var resident: Int? {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &bytes, bytes.count)
        let fields = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        return fields.dropFirst().first.flatMap { Int($0) }.map { $0 * Int(getpagesize()) }
    }
}
