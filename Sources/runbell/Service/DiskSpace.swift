/// Decides what to do about the free space on the database's disk. A pure value.
struct DiskSpace {
    enum Step {
        case giveUpBallast, makeBallast
    }

    /// With less than this, nothing new is accepted; the rest is for existing deliveries.
    static let reserve = 64 * 1024 * 1024
    static let ballast = 16 * 1024 * 1024
    /// With less than this, the next commit may fail.
    private static let least = 4 * 1024 * 1024
    /// What the write-ahead log may need, however much is free inside the file: everything is written to the log first.
    private static let room = 16 * 1024 * 1024

    private(set) var isShort = false

    /// - Parameters:
    ///   - free: The bytes that a process without privileges may still allocate.
    ///   - inside: The unused bytes inside the database's file, which are used before it grows.
    mutating func look(free: Int, inside: Int = 0, hasBallast: Bool) -> Step? {
        isShort = free + inside < Self.reserve || free < Self.room
        if hasBallast { return free < Self.least ? .giveUpBallast : nil }
        return free >= Self.reserve + Self.ballast ? .makeBallast : nil
    }

    /// A write found no space, whatever the file system reported a moment ago.
    mutating func ranOut() -> Step {
        isShort = true
        return .giveUpBallast
    }
}
