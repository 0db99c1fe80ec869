import Foundation
import Notifications
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("2026-11-23T10:12:30Z", "2026-11-23T10:12:30.000000Z"),
        ("2026-11-23t10:12:30z", "2026-11-23T10:12:30.000000Z"),
        ("2026-11-23T10:12:30.5Z", "2026-11-23T10:12:30.500000Z"),
        ("2026-11-23T10:12:30.123456789Z", "2026-11-23T10:12:30.123456Z"),
        ("2026-11-23T10:12:30+05:30", "2026-11-23T04:42:30.000000Z"),
        ("2026-11-23T23:30:00.25-01:00", "2026-11-24T00:30:00.250000Z"),
        ("2026-11-23T10:12:30-00:00", "2026-11-23T10:12:30.000000Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"),
        ("2000-02-29T23:59:59Z", "2000-02-29T23:59:59.000000Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ])
    func takes(_ text: String, _ shown: String) throws {
        let time = try #require(Timestamp(rfc3339: text))
        #expect(time.description == shown)
        #expect(Timestamp(rfc3339: time.description) == time)
    }

    @Test(arguments: [
        "", "2026-11-23", "2026-11-23T10:12:30", "2026-11-23 10:12:30Z", "2026-11-23T10:12Z", "2026-02-30T00:00:00Z",
        "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-00-10T00:00:00Z", "2026-13-10T00:00:00Z",
        "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T10:60:00Z",
        "2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-00:01", "+010000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "26-11-23T10:12:30Z",
        "2026-11-23T10:12:30.Z", "2026-11-23T10:12:30,5Z", "2026-11-23T10:12:30.1234567890Z",
        "2026-11-23T10:12:30+24:00",
        "2026-11-23T10:12:30+05:60", "2026-11-23T10:12:30+0530", "2026-11-23T10:12:30+5:30", "2026-11-23T10:12:30 Z",
        "2026-11-23T10:12:30ZZ", " 2026-11-23T10:12:30Z", "2026-11-23T10:12:30Z\n", "２０２６-11-23T10:12:30Z",
        "2026-11-23T10:12:30+٠١:٠٠", "2026-11-23T1:12:30Z", "2026-11-23T10:12:30+-1:00", "2026-1١-23T10:12:30Z",
    ])
    func refuses(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func agreesWithFoundation() throws {
        let style = Date.ISO8601FormatStyle()
        for _ in 0..<500 {
            let seconds = Int64.random(in: 0...253_402_300_799)
            let text = Date(timeIntervalSince1970: Double(seconds)).formatted(style)
            #expect(Timestamp(rfc3339: text) == Timestamp(seconds: seconds))
        }
    }

    @Test func roundsSecondsDown() {
        #expect(Timestamp(microseconds: 1_999_999).seconds == 1)
        #expect(Timestamp(microseconds: -1).seconds == -1)
        #expect(Timestamp(microseconds: -1_000_000).seconds == -1)
        #expect(Timestamp(microseconds: -1).description == "1969-12-31T23:59:59.999999Z")
    }

    @Test func addsAndSubtractsDurations() {
        let time = Timestamp(seconds: 100)
        #expect((time + .milliseconds(1500)).microseconds == 101_500_000)
        #expect((time - .seconds(200)).seconds == -100)
        #expect(time - Timestamp(seconds: 160) == .seconds(-60))
        #expect(Duration.milliseconds(1500).milliseconds == 1500)
    }
}
