import Notifications

/// A period to choose without typing it. The rest of the filter stays.
struct PresetView: Sendable {
    let label: String
    let path: String

    /// - Parameter path: the list from a time on.
    static func all(at now: Timestamp, path: (Timestamp) -> String) -> [PresetView] {
        [("Last hour", 3600), ("24 hours", 86_400), ("7 days", 7 * 86_400)].map { label, seconds in
            PresetView(label: label, path: path(now - .seconds(seconds)))
        }
    }
}
