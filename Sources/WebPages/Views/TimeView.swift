import Notifications

/// A time for people and for programs.
struct TimeView: Sendable {
    /// `2026-11-24 12:01:33`
    let text: String
    /// RFC 3339.
    let exact: String

    /// `2026-11-24 12:01`
    var minute: String { String(text.prefix(16)) }

    /// The same as part of an address.
    var typed: String { minute.replacingBytes(of: " ", with: "%20") }

    init(_ time: Timestamp) {
        exact = time.description
        text = String(exact.prefix(10) + " " + exact.dropFirst(11).prefix(8))
    }

    init?(_ time: Timestamp?) {
        guard let time else { return nil }
        self.init(time)
    }
}

extension Duration {
    /// Of a whole number of some unit: `20 ms`, `5 s`, `15 min`, `6 h`.
    var roundText: String {
        let milliseconds = microseconds / 1000
        for (size, unit) in [(3_600_000, "h"), (60_000, "min"), (1000, "s")] as [(Int64, String)]
        where milliseconds >= size {
            return "\(milliseconds / size) \(unit)"
        }
        return "\(milliseconds) ms"
    }

    /// `12 ms`, `1.3 s`
    var short: String {
        let tenths = microseconds / 100
        if microseconds < 10_000 { return "\(tenths / 10).\(tenths % 10) ms" }
        if microseconds < 1_000_000 { return "\(microseconds / 1000) ms" }
        return "\(microseconds / 1_000_000).\(microseconds / 100_000 % 10) s"
    }
}
