import Testing

@testable import runbell

@Suite struct MemoryTrimmingTests {
    private static let mebibyte = 1024 * 1024

    private func due(_ mebibytes: [Int], leaving left: Int = 60) -> [Int] {
        var trimming = MemoryTrimming()
        trimming.trimmed(to: left * Self.mebibyte)
        return mebibytes.filter { trimming.isDue($0 * Self.mebibyte) }
    }

    @Test func freedMemoryIsReturnedOnceItStopsGrowing() {
        #expect(due([80, 103, 103]) == [103])
        #expect(due([80, 103, 90]) == [90])
    }

    @Test func nothingIsDoneWhileMemoryIsNeeded() {
        #expect(due([80, 90, 100, 110]) == [])
    }

    @Test func smallGrowthIsIgnored() {
        #expect(due([61, 64, 67, 67, 60]) == [])
        #expect(due([420, 420], leaving: 400) == [], "less than an eighth")
    }

    @Test func memoryThatCannotBeReturnedIsNotTriedAgain() {
        var trimming = MemoryTrimming()
        trimming.trimmed(to: 60 * Self.mebibyte)
        let before = [trimming.isDue(103 * Self.mebibyte), trimming.isDue(103 * Self.mebibyte)]
        trimming.trimmed(to: 103 * Self.mebibyte)
        let after = trimming.isDue(103 * Self.mebibyte)
        #expect(before == [false, true])
        #expect(!after)
    }
}
