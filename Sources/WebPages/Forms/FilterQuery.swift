import Notifications

/// A list's filter as the query of links to it, without a cursor.
struct FilterQuery: Sendable {
    /// The parts but the times: `state=failed`.
    let untimed: [String]
    let since: Timestamp?
    let until: Timestamp?

    /// The same filter.
    var text: String {
        let times = [since.map { "since=\($0)" }, until.map { "until=\($0)" }].compactMap { $0 }
        return (untimed + times).joined(separator: "&")
    }

    /// The same filter, from a time on.
    func text(since time: Timestamp) -> String {
        (untimed + ["since=\(TimeView(time).typed)"]).joined(separator: "&")
    }
}
