import Notifications

/// Rows with headings, in columns as wide as their widest cell.
struct Table {
    let headings: [String]
    private(set) var rows: [[String]] = []

    init(_ headings: String...) {
        self.headings = headings
    }

    /// A nil cell is printed as `-`.
    mutating func add(_ cells: String?...) {
        rows.append(cells.map { ($0 ?? "-").printable })
    }

    /// The lines, without trailing white space.
    var text: String { text(on: .output) }

    func text(on terminal: Terminal) -> String { lines(widths: widths, withHeadings: true, on: terminal) }

    /// Of each column, the widest cell's.
    var widths: [Int] {
        headings.indices.map { column in ([headings] + rows).map { $0[column].columns }.max() ?? 0 }
    }

    /// The lines in columns that are at least as wide as their cells, unless the terminal is too narrow.
    func lines(widths: [Int], withHeadings: Bool, on terminal: Terminal = .output) -> String {
        let widths = terminal.columns.map { fitting(widths, into: $0) } ?? widths
        let head = withHeadings ? [line(headings, widths) { _, _ in terminal.hasColor ? .heading : nil }] : []
        let body = rows.map { row in
            line(row, widths) { cell, heading in terminal.hasColor ? Paint.of(cell, under: heading) : nil }
        }
        return (head + body).joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int], _ paint: (String, String) -> Paint?) -> String {
        var (line, gap) = ("", 0)
        for (column, cell) in cells.enumerated() where !cell.isEmpty {
            let shown = cell.cut(to: widths[column])
            let start = widths[..<column].reduce(0) { $0 + $1 + Self.gap }
            line += String(repeating: " ", count: max(0, start - gap))
            line += paint(cell, headings[column])?.on(shown) ?? shown
            gap = start + shown.columns
        }
        return line
    }
}

extension Table {
    private static let gap = 2
    private static let leastWidths = [12, 6, 2]
    private static let whole = ["ID", "STATE"]

    /// Takes from the widest columns what is too much. Cut IDs would be of no use, and a state is what people look for.
    private func fitting(_ widths: [Int], into columns: Int) -> [Int] {
        var widths = widths
        for least in Self.leastWidths {
            while widths.reduce(-Self.gap, { $0 + $1 + Self.gap }) > columns {
                let cuttable = widths.indices.filter { !Self.whole.contains(headings[$0]) && widths[$0] > least }
                guard let widest = cuttable.max(by: { widths[$0] < widths[$1] }) else { break }
                widths[widest] -= 1
            }
        }
        return widths
    }
}

/// Names with their values, one per line, with aligned values.
struct Listing {
    private var lines: [(name: String, value: String)] = []

    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        lines.append((name, value))
    }

    var text: String {
        let width = lines.map(\.name.columns).max() ?? 0
        return lines.map { line in
            let gap = String(repeating: " ", count: width - line.name.columns + 2)
            let indent = "\n" + String(repeating: " ", count: width + 2)
            return line.name + gap + line.value.printableLines.replacingBytes(of: "\n", with: indent)
        }.joined(separator: "\n")
    }
}
