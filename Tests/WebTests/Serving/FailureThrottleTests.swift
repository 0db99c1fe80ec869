import NIOCore
import Testing

@testable import WebServing

@Suite struct FailureThrottleTests {
    private let throttle = FailureThrottle()
    private let start = ContinuousClock.now

    private func address(_ text: String) throws -> RemoteAddress {
        RemoteAddress(try SocketAddress(ipAddress: text, port: 1))
    }

    /// The pauses after `count` failures at the same moment.
    private func fail(_ count: Int, from text: String, after seconds: Int64) throws -> [Duration?] {
        let address = try address(text)
        return (0..<count).map { _ in throttle.fail(from: address, at: start + .seconds(seconds)) }
    }

    @Test func twentyFailuresAMinuteAreAnswered() throws {
        #expect(try fail(20, from: "192.0.2.1", after: 0).allSatisfy { $0 == nil })
        #expect(try fail(1, from: "192.0.2.1", after: 0) == [.seconds(60)])
        #expect(try fail(1, from: "192.0.2.1", after: 45) == [.seconds(15)])
        #expect(try fail(1, from: "192.0.2.2", after: 45) == [nil])
    }

    @Test func aNewMinuteCountsAnew() throws {
        for minute in 0..<10 as Range<Int64> {
            #expect(try fail(20, from: "192.0.2.1", after: minute * 60).allSatisfy { $0 == nil })
        }
    }

    @Test func pausesDoubleToFifteenMinutes() throws {
        var seconds: Int64 = 0
        for expected in [60, 120, 240, 480, 900, 900] as [Int64] {
            let pauses = try fail(21, from: "192.0.2.1", after: seconds)
            #expect(pauses.last == .seconds(expected))
            seconds += expected
        }
    }

    @Test func whoeverIsQuietLongEnoughStartsAnew() throws {
        _ = try fail(21, from: "192.0.2.1", after: 0)
        _ = try fail(21, from: "192.0.2.1", after: 60)
        #expect(try fail(21, from: "192.0.2.1", after: 60 + 120 + 900).last == .seconds(60))
    }

    /// Memory is bounded: when 10,000 addresses are known and none has expired, a further one makes it forget all of them.
    /// Those that are known make no such difference.
    @Test func onlyAFurtherAddressMakesRoom() throws {
        _ = try fail(20, from: "192.0.2.1", after: 0)
        for number in 1..<10_000 { _ = try fail(1, from: "10.1.\(number / 250).\(number % 250)", after: 0) }
        #expect(try fail(1, from: "192.0.2.1", after: 1) == [.seconds(60)])
        #expect(try fail(1, from: "192.0.2.2", after: 2) == [nil])
        #expect(try fail(1, from: "192.0.2.1", after: 3) == [nil])
    }

    @Test func aNetworkOfIPv6CountsAsOne() throws {
        #expect(try address("2001:db8:1:2::1") == address("2001:db8:1:2:ffff::9"))
        #expect(try address("2001:db8:1:2::1") != address("2001:db8:1:3::1"))
        #expect(try address("::ffff:192.0.2.1") == address("192.0.2.1"))
        #expect(try address("::ffff:192.0.2.1") != address("::ffff:192.0.2.2"))
    }
}
