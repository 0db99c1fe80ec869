import Notifications
import Testing

@Suite struct RetryAfterTests {
    /// 2026-11-23 10:12:30 UTC.
    private static let now = Samples.at

    @Test(arguments: [
        ("0", 0), ("1", 1), ("120", 120), (" 30 ", 30), ("007", 7), ("86400", 86_400), ("86401", 86_400),
        ("99999999999999999999999", 86_400),
        ("Mon, 23 Nov 2026 10:13:30 GMT", 60), ("Monday, 23-Nov-26 10:13:30 GMT", 60), ("Mon Nov 23 10:13:30 2026", 60),
        ("Mon Nov  9 10:13:30 2026", 0), ("Wed, 01 Dec 2027 00:00:00 GMT", 86_400),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 0), ("Sun Nov  6 08:49:37 1994", 0),
        ("Tue, 24 Nov 2026 10:12:30 GMT", 86_400),
    ])
    func takes(_ header: String, _ seconds: Int) {
        #expect(RetryAfter.parse(header, at: Self.now) == .seconds(seconds))
    }

    /// RFC 9110, section 5.6.7: a two-digit year that seems more than 50 years ahead is in the previous century.
    @Test(arguments: [
        (2026, "76", 24 * 3600), (2026, "77", 0), (2026, "99", 0), (2026, "26", 0), (2049, "99", 24 * 3600),
        (2049, "00", 0), (2051, "01", 0), (2099, "49", 0),
    ])
    func yearsOfTwoDigitsAreWithinFiftyYears(_ year: Int, _ short: String, _ seconds: Int) throws {
        let now = try #require(Timestamp(rfc3339: "\(year)-06-15T00:00:00Z"))
        #expect(RetryAfter.parse("Monday, 01-Jan-\(short) 00:00:00 GMT", at: now) == .seconds(seconds))
    }

    @Test(arguments: [
        "", " ", "-1", "+1", "1.5", "1e3", "0x10", "١٢", "soon", "1 2", "Mon, 23 Nov 2026 10:13:30",
        "Mon, 23 Nov 2026 10:13:30 UTC",
        "Mon, 23 Nov 2026 10:13:30 +0000", "Xyz, 23 Nov 2026 10:13:30 GMT", "Mon, 31 Nov 2026 10:13:30 GMT",
        "Mon, 23 nov 2026 10:13:30 GMT", "Mon, 23 Nov 26 10:13:30 GMT", "Mon, 23 Nov 2026 24:13:30 GMT",
        "Monday, 23-Nov-2026 10:13:30 GMT", "2026-11-23T10:13:30Z", "Mon, 23 Nov 2026 10:13 GMT",
        "Mon, 3 Nov 2026 10:13:30 GMT",
    ])
    func refuses(_ header: String) {
        #expect(RetryAfter.parse(header, at: Self.now) == nil)
    }
}

/// Other headers that services use to say when to try again, through the kind that passes them on unchanged.
@Suite struct ResetAfterTests {
    private func wait(_ headers: (String, String)...) -> Duration? {
        let answer = Answer(status: 429, headers: headers.map { .init($0, $1) }, at: Samples.at)
        guard case .retry(_, let after) = WebHook().verdict(on: answer) else { return nil }
        return after
    }

    @Test func roundsDecimalsUp() {
        #expect(wait(("X-RateLimit-Reset-After", "0.2501")) == .milliseconds(251))
        #expect(wait(("x-ratelimit-reset-after", "64")) == .seconds(64))
    }

    @Test func theLongerWaitCounts() {
        #expect(wait(("Retry-After", "2"), ("X-RateLimit-Reset-After", "1.5")) == .seconds(2))
        #expect(wait(("Retry-After", "1"), ("X-RateLimit-Reset-After", "1.5")) == .milliseconds(1500))
    }

    @Test func thereIsNoWaitWhileRequestsRemain() {
        #expect(wait(("X-RateLimit-Remaining", "3"), ("X-RateLimit-Reset-After", "60")) == nil)
        #expect(wait(("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset-After", "60")) == .seconds(60))
    }

    @Test(arguments: ["", "-1", "1e9", "soon", "1.", ".5", "1,5", "99999999999"])
    func refuses(_ text: String) {
        #expect(wait(("X-RateLimit-Reset-After", text)) == nil)
    }

    @Test func waitsAreAtMostADay() {
        #expect(wait(("X-RateLimit-Reset-After", "999999999")) == RetryAfter.limit)
    }
}
