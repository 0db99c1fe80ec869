/// What the free space on the database's disk means, and what has to be done about it. A pure value.
struct DiskSpace {
    enum Step {
        case giveUpBallast, makeBallast
    }

    /// With less than this nothing new is taken; what is left is for the deliveries that are there.
    static let reserve = 64 * 1024 * 1024
    static let ballast = 16 * 1024 * 1024
    /// With less than this the next commit may fail.
    private static let least = 4 * 1024 * 1024
    /// What the write-ahead log may need, whatever is free inside the file: all that is written goes there first.
    private static let room = 16 * 1024 * 1024

    private(set) var isShort = false

    /// - Parameters:
    ///   - free: the bytes that a process without privileges may still take.
    ///   - inside: the bytes of the database's file that hold nothing, and are written to before it grows.
    mutating func look(free: Int, inside: Int = 0, hasBallast: Bool) -> Step? {
        isShort = free + inside < Self.reserve || free < Self.room
        if hasBallast { return free < Self.least ? .giveUpBallast : nil }
        return free >= Self.reserve + Self.ballast ? .makeBallast : nil
    }

    /// A write has found no room, whatever the file system said a moment ago.
    mutating func ranOut() -> Step {
        isShort = true
        return .giveUpBallast
    }
}
