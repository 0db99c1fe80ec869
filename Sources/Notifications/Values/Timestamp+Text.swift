extension Timestamp {
    /// `14:02:10 UTC`, with the date in front unless it is the same day as `now`.
    package func clockText(seenAt now: Timestamp) -> String {
        let day = description.prefix(10)
        let time = description.dropFirst(11).prefix(8)
        return day == now.description.prefix(10) ? "\(time) UTC" : "\(day) \(time) UTC"
    }

    /// `2026-11-23 at 10:12 UTC`.
    package var dayText: String {
        "\(description.prefix(10)) at \(description.dropFirst(11).prefix(5)) UTC"
    }
}

extension Duration {
    /// `43 ms`, `5.3 s`, `2 min 5 s`, `3 h 12 min`, `2 d 4 h`: at most two parts, rounded down.
    package var shortText: String {
        let seconds = max(0, components.seconds)
        switch seconds {
        case ..<1: return "\(max(0, microseconds) / 1000) ms"
        case ..<60: return "\(seconds).\(max(0, microseconds) / 100_000 % 10) s"
        case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        default: return "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
        }
    }
}
