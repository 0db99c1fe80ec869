import Foundation

/// A moment in UTC, in whole microseconds since 1970; shown as RFC 3339.
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package init(seconds: Int64) {
        self.microseconds = seconds * 1_000_000
    }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.microseconds < rhs.microseconds }

    package static func + (time: Self, duration: Duration) -> Self {
        Self(microseconds: time.microseconds + duration.microseconds)
    }

    package static func - (time: Self, duration: Duration) -> Self {
        Self(microseconds: time.microseconds - duration.microseconds)
    }

    /// The time from `earlier` to `later`; negative when they are the other way round.
    package static func - (later: Self, earlier: Self) -> Duration {
        .microseconds(later.microseconds - earlier.microseconds)
    }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { microseconds >= 0 ? microseconds / 1_000_000 : (microseconds - 999_999) / 1_000_000 }

    /// `2026-11-23T10:12:30.123456Z` (RFC 3339, always six decimals and always `Z`).
    package var description: String {
        let fraction = microseconds - seconds * 1_000_000
        var moment = time_t(seconds)
        var parts = tm()
        gmtime_r(&moment, &parts)
        return Self.padded(Int(parts.tm_year) + 1900, 4) + "-" + Self.padded(Int(parts.tm_mon) + 1, 2) + "-"
            + Self.padded(Int(parts.tm_mday), 2) + "T" + Self.padded(Int(parts.tm_hour), 2) + ":"
            + Self.padded(Int(parts.tm_min), 2) + ":" + Self.padded(Int(parts.tm_sec), 2) + "."
            + Self.padded(Int(fraction), 6) + "Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Timestamp {
    /// Reads an RFC 3339 date and time with `Z` or an offset; years 1970 to 9999, no leap second, no 24:00.
    package init?(rfc3339 text: String) {
        let pattern = /(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))/
        guard text.utf8.count <= 40, let match = text.wholeMatch(of: pattern)?.output else { return nil }
        let numbers = [match.1, match.2, match.3, match.4, match.5, match.6].compactMap { Int32($0) }
        guard numbers.count == 6, let start = Self.secondsOfDate(numbers) else { return nil }
        let fraction = (match.7.map(String.init) ?? "").padding(toLength: 6, withPad: "0", startingAt: 0)
        var offset: Int64 = 0
        if let sign = match.8, let hours = match.9.flatMap({ Int64($0) }), let minutes = match.10.flatMap({ Int64($0) }) {
            guard hours < 24, minutes < 60 else { return nil }
            offset = (sign == "+" ? 1 : -1) * (hours * 3600 + minutes * 60)
        }
        self.init(microseconds: (start - offset) * 1_000_000 + (Int64(fraction) ?? 0))
    }

    /// Nil for a date that the calendar does not have: `timegm` would turn 30 February into 2 March, so the parts
    /// are compared with what comes back.
    private static func secondsOfDate(_ numbers: [Int32]) -> Int64? {
        var parts = tm()
        parts.tm_year = numbers[0] - 1900
        parts.tm_mon = numbers[1] - 1
        parts.tm_mday = numbers[2]
        parts.tm_hour = numbers[3]
        parts.tm_min = numbers[4]
        parts.tm_sec = numbers[5]
        var normalised = parts
        let seconds = timegm(&normalised)
        let same = normalised.tm_year == parts.tm_year && normalised.tm_mon == parts.tm_mon
            && normalised.tm_mday == parts.tm_mday && normalised.tm_hour == parts.tm_hour
            && normalised.tm_min == parts.tm_min && normalised.tm_sec == parts.tm_sec
        return same && numbers[0] >= 1970 ? Int64(seconds) : nil
    }
}

extension Duration {
    /// Whole microseconds, rounded towards zero.
    package var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    package var milliseconds: Double { Double(microseconds) / 1000 }
}
