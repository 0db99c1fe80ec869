import Notifications

/// A time for people and for programs.
struct TimeView: Sendable {
    /// `2026-11-24 12:01:33`
    let text: String
    /// RFC 3339.
    let exact: String

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
    /// `12 ms`, `1.3 s`
    var short: String {
        let tenths = microseconds / 100
        if microseconds < 10_000 { return "\(tenths / 10).\(tenths % 10) ms" }
        if microseconds < 1_000_000 { return "\(microseconds / 1000) ms" }
        return "\(microseconds / 1_000_000).\(microseconds / 100_000 % 10) s"
    }
}
