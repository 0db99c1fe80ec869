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

    /// A moment to the second, without the `T`: `2026-11-23 10:12:30Z`.
    var moment: String? {
        guard let text = string, text.count >= 20 else { return cell }
        return text.prefix(19).replacing("T", with: " ") + "Z"
    }
}
