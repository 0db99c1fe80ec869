import Notifications

/// A table as CSV (RFC 4180), every field in quotes.
enum CSVText {
    static func text(_ rows: [[String]]) -> String {
        rows.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    }

    /// A spreadsheet takes a field for a formula that begins with one of these; a single quote before it makes it a text.
    private static let formulas = Array("=+-@\t\r".utf8)

    private static func field(_ text: String) -> String {
        let guarded = text.utf8.first.map(formulas.contains) == true ? "'" + text : text
        return "\"" + guarded.replacingBytes(of: "\"", with: "\"\"") + "\""
    }
}
