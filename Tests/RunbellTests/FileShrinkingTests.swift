import SQLiteDatabase
import Testing

@testable import runbell

@Suite struct FileShrinkingTests {
    private func isWorthIt(free: Int, of size: Int, isShort: Bool = false) -> Bool {
        let mebibyte = 1024 * 1024
        return FileShrinking.isWorthIt(FileRoom(free: free * mebibyte, size: size * mebibyte), onShortDisk: isShort)
    }

    @Test func someFreePagesAreKeptForNewRows() {
        #expect(!isWorthIt(free: 16, of: 20))
        #expect(isWorthIt(free: 17, of: 20))
        #expect(!isWorthIt(free: 100, of: 1000))
        #expect(isWorthIt(free: 101, of: 1000))
    }

    @Test func onAFullDiskAllFreePagesAreReturned() {
        #expect(isWorthIt(free: 1, of: 1000, isShort: true))
        #expect(!isWorthIt(free: 0, of: 1000, isShort: true))
    }

    @Test func shrinkingLeavesMostOfTheTimeToOthers() {
        #expect(FileShrinking.rest(after: .milliseconds(1)) == .milliseconds(50))
        #expect(FileShrinking.rest(after: .milliseconds(30)) == .milliseconds(300))
    }
}
