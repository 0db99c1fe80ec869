import Notifications
import Repository
import WebServing

/// A list's filter as the query of links to it, with the number of rows if it is not the usual one, without a cursor.
struct FilterQuery: Sendable {
    /// The parts but the times: `state=failed`.
    let untimed: [String]
    let since: Timestamp?
    let until: Timestamp?
    /// Nil for the usual number of rows.
    let limit: Int?

    init(untimed: [String], since: Timestamp?, until: Timestamp?, page: PageRequest) {
        self.untimed = untimed
        self.since = since
        self.until = until
        limit = page.limit == QueryReader.part ? nil : page.limit
    }

    /// Whether it lets everything through.
    var isEmpty: Bool { untimed.isEmpty && since == nil && until == nil }

    /// The same filter.
    var text: String {
        let times = [since.map { "since=\($0)" }, until.map { "until=\($0)" }].compactMap { $0 }
        return (untimed + times + rows).joined(separator: "&")
    }

    private var rows: [String] { limit.map { ["limit=\($0)"] } ?? [] }

    /// The same filter, from a time on.
    func text(since time: Timestamp) -> String {
        (untimed + ["since=\(TimeView(time).typed)"] + rows).joined(separator: "&")
    }
}
