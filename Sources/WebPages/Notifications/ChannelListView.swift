import Notifications
import Repository
import WebServing

/// The list of all channels. With more than a few, it can be searched and is shown in parts.
struct ChannelListView: Sendable {
    let channels: [ChannelLineView]
    let isEmpty: Bool
    let hasSearch: Bool
    let text: String
    let conditions: [FilterChoice]
    let isFiltered: Bool
    let path: String
    /// `1–25 of 100`
    let span: String
    let previousPath: String?
    let nextPath: String?

    private static let few = 10

    init(_ board: ChannelBoard, _ search: ChannelSearch, in page: PageContext) {
        channels = board.lines.map { ChannelLineView($0, in: page) }
        isEmpty = board.total == 0
        hasSearch = board.total > Self.few
        text = search.text
        conditions = ChannelCondition.allCases.map { condition in
            FilterChoice(
                value: condition.rawValue, label: "\(condition.rawValue) (\(board.counts[condition] ?? 0))",
                isChosen: condition == search.condition)
        }
        isFiltered = !search.text.isEmpty || search.condition != nil
        path = page.path("notifications")
        let (first, behind) = (search.offset + 1, search.offset + board.lines.count)
        span = board.lines.isEmpty ? "" : "\(first)–\(behind) of \(board.matching)"
        let list = path
        let link = { (offset: Int) in "\(list)?\(search.query(from: offset))#all-title" }
        previousPath = search.offset > 0 ? link(max(0, search.offset - search.limit)) : nil
        nextPath = behind < board.matching ? link(behind) : nil
    }
}

extension ChannelSearch {
    /// Reads `q`, `show` and `from`.
    init(_ query: inout QueryReader) {
        let text = query.text("q")
        let condition: ChannelCondition? = query.choice("show")
        let offset = query.value("from", "Must be a whole number from 0 to 999.") { text in
            Int(text).flatMap { (0..<1000).contains($0) ? $0 : nil }
        }
        self.init(text: text ?? "", condition: condition, offset: offset ?? 0)
    }

    /// The same search, beginning elsewhere.
    fileprivate func query(from offset: Int) -> String {
        let parts = [
            text.isEmpty ? nil : "q=\(PercentEncoding.encode(text))", condition.map { "show=\($0.rawValue)" },
            "from=\(offset)",
        ]
        return parts.compactMap { $0 }.joined(separator: "&")
    }
}
