import Notifications

/// A list whose items come one after the other: a table for people, a line of JSON each for programs.
struct FollowedList {
    private let json: Bool
    private let headings: Table
    private let row: (JSONValue, inout Table) -> Void
    /// Nil until the headings are printed. Columns only become wider.
    private var widths: [Int]?

    init(json: Bool, headings: Table, row: @escaping (JSONValue, inout Table) -> Void) {
        self.json = json
        self.headings = headings
        self.row = row
    }

    mutating func show(_ items: [JSONValue]) {
        if let text = text(items) { Console.say(text) }
    }

    /// Nil if there is nothing to print. The headings come first, even before there is an item.
    mutating func text(_ items: [JSONValue]) -> String? {
        guard !json else {
            return items.isEmpty ? nil : items.map(\.compactText).joined(separator: "\n")
        }
        if items.isEmpty, widths != nil { return nil }
        var table = headings
        for item in items { row(item, &table) }
        let isFirst = widths == nil
        let widths = zip(self.widths ?? table.widths, table.widths).map { max($0, $1) }
        self.widths = widths
        return table.lines(widths: widths, withHeadings: isFirst)
    }
}
