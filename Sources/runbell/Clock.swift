import Foundation
import Glibc
import Notifications

enum Clock {
    /// The wall clock.
    static var now: Timestamp {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    /// The time since the machine was started, including sleep, by a clock that cannot be set: CLOCK_BOOTTIME
    /// (https://man7.org/linux/man-pages/man2/clock_gettime.2.html).
    static var steady: Duration {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Identifies this boot of the machine (https://man7.org/linux/man-pages/man4/random.4.html); empty, and so equal
    /// to no other, if the kernel does not say.
    static var boot: String {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    }
}
