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

    private(set) var isShort = false

    /// - Parameter free: the bytes that a process without privileges may still take.
    mutating func look(free: Int, hasBallast: Bool) -> Step? {
        isShort = free < Self.reserve
        if hasBallast { return free < Self.least ? .giveUpBallast : nil }
        return free >= Self.reserve + Self.ballast ? .makeBallast : nil
    }

    /// A write has found no room, whatever the file system said a moment ago.
    mutating func ranOut() -> Step {
        isShort = true
        return .giveUpBallast
    }
}
