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
    var text: String { lines(widths: widths, withHeadings: true) }

    /// Of each column, the widest cell's.
    var widths: [Int] {
        headings.indices.map { column in ([headings] + rows).map { $0[column].columns }.max() ?? 0 }
    }

    /// The lines in columns that are at least as wide as their cells.
    func lines(widths: [Int], withHeadings: Bool) -> String {
        ((withHeadings ? [headings] : []) + rows).map { Self.line($0, widths: widths) }.joined(separator: "\n")
    }

    private static func line(_ cells: [String], widths: [Int]) -> String {
        var line = ""
        for (cell, width) in zip(cells, widths) {
            line += cell + String(repeating: " ", count: width - cell.columns + 2)
        }
        while line.last == " " { line.removeLast() }
        return line
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
            return line.name + gap + line.value.printable
        }.joined(separator: "\n")
    }
}
