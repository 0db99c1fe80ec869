import Foundation

/// A time in UTC, in whole microseconds since 1970; printed as RFC 3339.
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

    /// The time from `earlier` to `later`; negative if they are in the other order.
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
    /// Reads an RFC 3339 date and time with `Z` or an offset, from 1970 to 9999 in UTC, without leap seconds or 24:00.
    /// Digits after the sixth decimal are dropped.
    package init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard (20...40).contains(bytes.count), bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"),
            Self.separates("-", bytes, at: [4, 7]), Self.separates(":", bytes, at: [13, 16])
        else { return nil }
        let places = [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19]
        let numbers = places.compactMap { Self.number(bytes[$0]).map(Int32.init) }
        var rest = bytes[19...]
        guard numbers.count == 6, let start = Self.secondsOfDate(numbers), let fraction = Self.takeFraction(&rest),
            let offset = Self.offset(rest)
        else { return nil }
        let seconds = start - offset
        guard (0...253_402_300_799).contains(seconds) else { return nil }
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }

    private static func separates(_ mark: Unicode.Scalar, _ bytes: [UInt8], at places: [Int]) -> Bool {
        places.allSatisfy { bytes[$0] == UInt8(ascii: mark) }
    }

    /// ASCII digits only.
    private static func number(_ bytes: some Collection<UInt8>) -> Int64? {
        let isNumber = !bytes.isEmpty && bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isNumber ? Int64(String(decoding: bytes, as: UTF8.self)) : nil
    }

    /// Microseconds; 0 if there is no fraction, nil if it is malformed.
    private static func takeFraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest[digits.endIndex...]
        let six = digits.prefix(6) + Array(repeating: UInt8(ascii: "0"), count: max(0, 6 - digits.count))
        return number(six)
    }

    /// Seconds east of UTC.
    private static func offset(_ zone: ArraySlice<UInt8>) -> Int64? {
        if zone.elementsEqual("Z".utf8) || zone.elementsEqual("z".utf8) { return 0 }
        let bytes = Array(zone)
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = number(bytes[1..<3]),
            let minutes = number(bytes[4..<6]), hours < 24, minutes < 60
        else { return nil }
        switch bytes[0] {
        case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
        case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
        default: return nil
        }
    }

    /// Nil for a date that does not exist: `timegm` would turn 30 February into 2 March, so the result is compared with
    /// the input.
    private static func secondsOfDate(_ numbers: [Int32]) -> Int64? {
        var parts = tm()
        parts.tm_year = numbers[0] - 1900
        parts.tm_mon = numbers[1] - 1
        parts.tm_mday = numbers[2]
        parts.tm_hour = numbers[3]
        parts.tm_min = numbers[4]
        parts.tm_sec = numbers[5]
        var normalized = parts
        let seconds = timegm(&normalized)
        let same =
            normalized.tm_year == parts.tm_year && normalized.tm_mon == parts.tm_mon
            && normalized.tm_mday == parts.tm_mday && normalized.tm_hour == parts.tm_hour
            && normalized.tm_min == parts.tm_min && normalized.tm_sec == parts.tm_sec
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
