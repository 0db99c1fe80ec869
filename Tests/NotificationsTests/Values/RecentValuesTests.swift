import Notifications
import Testing

@Suite struct RecentValuesTests {
    @Test func atLeastTheLimitIsKeptAndAtMostTwiceAsMuch() {
        var recent = RecentValues<Int, Int>(limit: 8192)
        for number in 0..<20_000 { recent.set(number, for: number) }
        #expect(recent[19_999] == 19_999 && recent[11_808] == 11_808)
        #expect((0..<20_000).count { recent[$0] != nil } <= 2 * 8192)
        #expect(recent[0] == nil)
    }

    @Test func aValueIsReplacedAndRemovedWhereverItIs() {
        var recent = RecentValues<Int, String>(limit: 2)
        recent.set("old", for: 1)
        recent.set("other", for: 2)
        recent.set("new", for: 1)
        #expect(recent[1] == "new" && recent[2] == "other")
        recent.remove(1)
        #expect(recent[1] == nil)
    }
}
