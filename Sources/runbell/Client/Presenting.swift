import Foundation
import Notifications

extension ClientOptions {
    /// Prints an answer: as received with `--json`, otherwise as `text` formats it.
    func present(_ answer: APIAnswer, as text: (JSONValue) -> String) {
        if json {
            Console.say(bytes: answer.bytes + (answer.bytes.last == UInt8(ascii: "\n") ? [] : [UInt8(ascii: "\n")]))
        } else {
            Console.say(text(answer.json))
        }
    }

    /// Prints a list as a table, and how to get the next page.
    func present(list answer: APIAnswer, _ headings: Table, row: (JSONValue, inout Table) -> Void) {
        present(answer) { list in
            var table = headings
            for item in list["data"]?.array ?? [] { row(item, &table) }
            guard table.rows.isEmpty else { return table.text }
            return list["next_cursor"]?.string == nil ? "None." : "None so far."
        }
        if !json, let next = answer.json["next_cursor"]?.string { Console.note("More: --cursor \(next)") }
    }
}

extension JSONValue {
    /// The value for a table cell; nil for null.
    var cell: String? {
        switch self {
        case .null: nil
        case .string(let text): text
        case .array(let items): items.isEmpty ? "none" : items.compactMap(\.cell).joined(separator: ", ")
        case .bool(let flag): flag ? "yes" : "no"
        default: compactText
        }
    }

    /// A moment to the second, without the `T`: `2026-11-23 10:12:30Z`, and on a terminal in its user's time zone:
    /// `2026-11-23 11:12:30+01:00`.
    var moment: String? { moment(in: Terminal.output.zone) }

    func moment(in zone: TimeZone?) -> String? {
        guard let text = string, let time = Timestamp(rfc3339: text) else { return cell }
        let date = Date(timeIntervalSince1970: Double(time.microseconds / 1_000_000))
        let minutes = (zone?.secondsFromGMT(for: date) ?? 0) / 60
        let local = (time + .seconds(minutes * 60)).description.prefix(19).replacing("T", with: " ")
        guard minutes != 0 else { return local + "Z" }
        let parts = [abs(minutes) / 60, abs(minutes) % 60].map { $0 < 10 ? "0\($0)" : String($0) }
        return local + (minutes < 0 ? "-" : "+") + parts.joined(separator: ":")
    }
}
