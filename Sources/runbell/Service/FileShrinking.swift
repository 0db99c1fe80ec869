import SQLiteDatabase

/// Decides when and how fast the database's file shrinks. A pure value.
///
/// Free pages are reused, so some are kept: shrinking and growing in turn costs more than it saves. On a full disk, all
/// are returned.
struct FileShrinking {
    /// Pages per transaction: about five milliseconds of the writer.
    static let pagesAtOnce = 100
    /// How long to rest, as a multiple of the time a piece took. A piece that had to wait took longer, so busy times
    /// are avoided by themselves.
    private static let restsForAPiece = 10
    private static let leastRest = Duration.milliseconds(50)
    /// Below this, it is not worth it.
    private static let kept = 16 * 1024 * 1024

    static func isWorthIt(_ room: FileRoom, onShortDisk isShort: Bool) -> Bool {
        isShort ? room.free > 0 : room.free > max(kept, room.size / 10)
    }

    static func rest(after piece: Duration) -> Duration {
        max(leastRest, piece * restsForAPiece)
    }
}
