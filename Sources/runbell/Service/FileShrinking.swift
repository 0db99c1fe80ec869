import SQLiteDatabase

/// When the database's file gives room back that nothing holds any more, and how fast. A pure value.
///
/// Such pages are written to again, so some of them are kept: a file that shrinks and grows in turn costs more than it
/// saves. On a short disk all of them go.
struct FileShrinking {
    /// In one transaction: about five milliseconds of the writer.
    static let pagesAtOnce = 100
    /// So long are others left alone for each moment that a piece took. One that had to wait for others took longer, so
    /// busy times are left alone by themselves.
    private static let restsForAPiece = 10
    private static let leastRest = Duration.milliseconds(50)
    /// Below this it is not worth it.
    private static let kept = 16 * 1024 * 1024

    static func isWorthIt(_ room: FileRoom, onShortDisk isShort: Bool) -> Bool {
        isShort ? room.free > 0 : room.free > max(kept, room.size / 10)
    }

    static func rest(after piece: Duration) -> Duration {
        max(leastRest, piece * restsForAPiece)
    }
}
