import Notifications
import Testing

@Suite struct IdentifierTests {
    @Test func makesVersion7() throws {
        let time = Timestamp(rfc3339: "2026-11-23T10:12:30.678Z") ?? Timestamp(seconds: 0)
        let text = ChannelID(at: time).text
        #expect(text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        let milliseconds = try #require(Int64(text.prefix(13).replacing("-", with: ""), radix: 16))
        #expect(milliseconds == time.microseconds / 1000)
    }

    @Test func neverGeneratesTheSameTwice() {
        let time = Timestamp(seconds: 1_795_428_750)
        #expect(Set((0..<10_000).map { _ in EventID(at: time) }).count == 10_000)
    }

    /// So that an event's thousand deliveries are adjacent in the database.
    @Test func risesWithinAMoment() {
        let time = Timestamp(microseconds: 1_795_428_750_123_456)
        let ids = (0..<10_000).map { _ in DeliveryID(at: time) }
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ids.allSatisfy { $0 > .lowest(at: time) && $0 < .lowest(at: time + .microseconds(1)) })
    }

    @Test func cannotBeGuessedFromTheOneBefore() {
        let time = Timestamp(seconds: 1_795_428_751)
        let tails = (0..<1000).map { _ in UInt64(DeliveryID(at: time).text.suffix(12), radix: 16) ?? 0 }
        #expect(Set(zip(tails, tails.dropFirst()).map { $1 &- $0 }).count == 999)
    }

    @Test func isUniqueWhenManyGenerateAtOnce() async {
        let time = Timestamp(seconds: 1_795_428_752)
        let all = await withTaskGroup(of: [EventID].self) { group in
            for number in 0..<8 {
                group.addTask { (0..<2000).map { _ in EventID(at: time + .microseconds(number % 2)) } }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(all).count == 16_000)
    }

    @Test func sortsByTime() {
        let ids = (0..<100).map { EventID(at: Timestamp(microseconds: Int64($0) * 1000)) }
        #expect(ids == ids.sorted())
    }

    @Test(arguments: [
        "", "0198C0DE-0000-7000-8000-000000000001", "{0198c0de-0000-7000-8000-000000000001}",
        "0198c0de-0000-7000-8000-00000000001", "0198c0de-0000-7000-8000-0000000000011",
        "0198c0de00007000800000000000000001",
        "0198c0de-0000-7000-8000-00000000000g", "0198c0de-00007-000-8000-000000000001",
        "urn:uuid:0198c0de-0000-7000-8000-00",
        "../../../../../../../../../etc/passwd", "0198c0de-0000-7000-8000-0000000000é",
    ])
    func refuses(_ text: String) {
        #expect(DeliveryID(text) == nil)
    }

    @Test func readsItsOwn() {
        let id = DeliveryID(at: Timestamp(seconds: 5))
        #expect(DeliveryID(id.text) == id)
        #expect(DeliveryID(bytes: id.bytes) == id)
    }

    @Test func bytesAndTextAreTheSameNumber() {
        let id = DeliveryID("0198c0de-0000-7abc-8000-00000000f0ff")
        let bytes: [UInt8] = [1, 0x98, 0xC0, 0xDE, 0, 0, 0x7A, 0xBC, 0x80, 0, 0, 0, 0, 0, 0xF0, 0xFF]
        #expect(id?.bytes == bytes && DeliveryID(bytes: bytes) == id)
        #expect(DeliveryID(bytes: Array(bytes.dropLast())) == nil && DeliveryID(bytes: bytes + [0]) == nil)
    }

    @Test func positionsSortAsTheirNamesSay() {
        let id = EventID(high: 7, low: .max)
        #expect(id < id.successor && id.successor == EventID(high: 8, low: 0))
        #expect(EventID(high: 7, low: 3).successor == EventID(high: 7, low: 4))
        #expect(.least < id && id < .greatest)
    }
}
