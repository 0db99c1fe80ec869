/// When memory that nothing holds any more is given back to the system. A pure value.
///
/// glibc keeps what was freed for the next time, and after many connections that is most of what the process has.
struct MemoryTrimming {
    /// More than that over what was left the last time is worth it.
    private static let least = 8 * 1024 * 1024
    private static let share = 8

    /// Resident after the last time.
    private var left: Int?
    private var last = 0

    /// Whether to give back now, with so many bytes resident. Not while they grow: then they are needed.
    mutating func isDue(_ resident: Int) -> Bool {
        let isQuiet = resident <= last + Self.least / 4
        last = resident
        guard let left, isQuiet else { return left == nil && isQuiet }
        return resident > left + max(Self.least, left / Self.share)
    }

    /// So many bytes are resident after it was done.
    mutating func trimmed(to resident: Int) {
        left = resident
        last = resident
    }
}
