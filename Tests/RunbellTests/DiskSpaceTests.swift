import Foundation
import Testing

@testable import runbell

@Suite struct DiskSpaceTests {
    private let mebibyte = 1024 * 1024

    @Test func newEventsAreRefusedBelowTheReserve() {
        var space = DiskSpace()
        #expect(space.look(free: 64 * mebibyte, hasBallast: true) == nil)
        #expect(!space.isShort)
        #expect(space.look(free: 64 * mebibyte - 1, hasBallast: true) == nil)
        #expect(space.isShort)
        #expect(space.look(free: 64 * mebibyte, hasBallast: true) == nil)
        #expect(!space.isShort)
    }

    @Test func theBallastIsGivenUpWhenNothingIsLeft() {
        var space = DiskSpace()
        #expect(space.look(free: 5 * mebibyte, hasBallast: true) == nil)
        #expect(space.look(free: 3 * mebibyte, hasBallast: true) == .giveUpBallast)
        #expect(space.look(free: 19 * mebibyte, hasBallast: false) == nil)
    }

    /// Creating the ballast must not use up the reserve.
    @Test func theBallastIsMadeWhenThereIsRoomForBoth() {
        var space = DiskSpace()
        #expect(space.look(free: 80 * mebibyte - 1, hasBallast: false) == nil)
        #expect(space.look(free: 80 * mebibyte, hasBallast: false) == .makeBallast)
        #expect(!space.isShort)
    }

    /// A full disk recovers once retention has deleted enough: the file does not grow until that space is used up.
    @Test func freeSpaceInsideTheFileCounts() {
        var space = DiskSpace()
        _ = space.look(free: 30 * mebibyte, inside: 33 * mebibyte, hasBallast: true)
        #expect(space.isShort)
        #expect(space.look(free: 30 * mebibyte, inside: 34 * mebibyte, hasBallast: true) == nil)
        #expect(!space.isShort)
    }

    /// Everything is written to the write-ahead log first.
    @Test func theLogNeedsRoomOnTheDiskItself() {
        var space = DiskSpace()
        _ = space.look(free: 16 * mebibyte - 1, inside: 1000 * mebibyte, hasBallast: true)
        #expect(space.isShort)
        #expect(space.look(free: 3 * mebibyte, inside: 1000 * mebibyte, hasBallast: true) == .giveUpBallast)
        #expect(space.look(free: 79 * mebibyte, inside: 1000 * mebibyte, hasBallast: false) == nil)
    }

    /// For example because of a quota that the file system does not report.
    @Test func aWriteWithoutSpaceCountsWhateverIsReportedFree() {
        var space = DiskSpace()
        #expect(space.ranOut() == .giveUpBallast)
        #expect(space.isShort)
        _ = space.look(free: 1000 * mebibyte, hasBallast: true)
        #expect(!space.isShort)
    }

    @Test func theBallastReallyTakesUpSpace() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ballast = Ballast(besides: folder + "/runbell.db")
        #expect(!ballast.isThere)
        ballast.make()
        #expect(ballast.isThere)
        var found = stat()
        #expect(stat(folder + "/runbell.db-ballast", &found) == 0)
        #expect(Int(found.st_blocks) * 512 >= DiskSpace.ballast)
        #expect(found.st_mode & 0o077 == 0)
        ballast.giveUp()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }
}
