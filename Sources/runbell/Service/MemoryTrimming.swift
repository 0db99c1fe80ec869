/// Decides when to return freed memory to the system. A pure value.
///
/// glibc keeps freed memory for reuse, and after many connections that is most of what the process has.
struct MemoryTrimming {
    /// How much more than after the last time makes it worthwhile.
    private static let least = 8 * 1024 * 1024
    private static let share = 8

    /// Resident bytes after the last time.
    private var left: Int?
    private var last = 0

    /// Whether to trim now, with this many bytes resident. Not while they grow: then they are in use.
    mutating func isDue(_ resident: Int) -> Bool {
        let isQuiet = resident <= last + Self.least / 4
        last = resident
        guard let left, isQuiet else { return left == nil && isQuiet }
        return resident > left + max(Self.least, left / Self.share)
    }

    /// Notes how many bytes are resident after trimming.
    mutating func trimmed(to resident: Int) {
        left = resident
        last = resident
    }
}
