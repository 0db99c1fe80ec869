/// The `Retry-After` header (RFC 9110, section 10.2.3): whole seconds, or a date in one of the three forms of
/// section 5.6.7.
package enum RetryAfter {
    /// The longest wait that a receiver may ask for.
    package static let limit: Duration = .seconds(24 * 3600)

    /// The wait, at most `limit`; zero for a date in the past; nil for anything that is neither seconds nor a date.
    package static func parse(_ header: String, at now: Timestamp) -> Duration? {
        guard header.utf8.count <= longest else { return nil }
        let words = header.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map {
            String(Substring($0))
        }
        if words.count == 1, isNumber(words[0]) {
            // A number too large for 64 bits exceeds the limit too.
            return min(Int64(words[0]).map { .seconds($0) } ?? limit, limit)
        }
        return date(words, now: now).map { until($0, from: now) }
    }

    /// No date and no sensible number is longer.
    private static let longest = 100

    /// The wait until a second since 1970, which a receiver may choose at will; nil for what is no moment.
    static func until(second: Int64, from now: Timestamp) -> Duration? {
        guard (0...253_402_300_799).contains(second) else { return nil }
        return until(Timestamp(seconds: second), from: now)
    }

    /// The wait until a moment, at most `limit` and never negative.
    static func until(_ moment: Timestamp, from now: Timestamp) -> Duration {
        moment > now ? min(moment - now, limit) : .zero
    }

    private static func date(_ words: [String], now: Timestamp) -> Timestamp? {
        // Sun, 06 Nov 1994 08:49:37 GMT
        if words.count == 6, words[5].sameBytes(as: "GMT"), isDay(words[0], short: true, ending: ",") {
            return moment(year: words[3], month: words[2], day: words[1], time: words[4])
        }
        // Sunday, 06-Nov-94 08:49:37 GMT
        if words.count == 4, words[3].sameBytes(as: "GMT"), isDay(words[0], short: false, ending: ",") {
            let parts = words[1].pieces(between: "-").map { String($0) }
            guard parts.count == 3, let year = fullYear(parts[2], now: now) else { return nil }
            return moment(year: year, month: parts[1], day: parts[0], time: words[2])
        }
        // Sun Nov  6 08:49:37 1994
        if words.count == 5, isDay(words[0], short: true, ending: "") {
            let day = words[2].utf8.count == 1 ? "0" + words[2] : words[2]
            return moment(year: words[4], month: words[1], day: day, time: words[3])
        }
        return nil
    }

    private static func moment(year: String, month: String, day: String, time: String) -> Timestamp? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let index = months.firstIndex(where: { $0.sameBytes(as: month) }), time.utf8.count == 8 else {
            return nil
        }
        let number = index < 9 ? "0\(index + 1)" : "\(index + 1)"
        return Timestamp(rfc3339: "\(year)-\(number)-\(day)T\(time)Z")
    }

    /// A two-digit year more than 50 years ahead belongs to the previous century (RFC 9110, section 5.6.7).
    private static func fullYear(_ text: String, now: Timestamp) -> String? {
        guard text.utf8.count == 2, isNumber(text), let short = Int(text),
            let current = Int(now.description.prefix(4))
        else { return nil }
        let year = current - current % 100 + short
        return String(year > current + 50 ? year - 100 : year)
    }

    private static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    private static func isDay(_ word: String, short isShort: Bool, ending: String) -> Bool {
        days.contains { word.sameBytes(as: (isShort ? $0.prefix(3) : $0[...]) + ending) }
    }

    private static func isNumber(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
