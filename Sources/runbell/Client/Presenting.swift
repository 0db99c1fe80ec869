import Notifications

extension ClientOptions {
    /// Shows an answer: as it came for programs, otherwise as `text` says.
    func present(_ answer: APIAnswer, as text: (JSONValue) -> String) {
        if json {
            Console.say(bytes: answer.bytes + (answer.bytes.last == UInt8(ascii: "\n") ? [] : [UInt8(ascii: "\n")]))
        } else {
            Console.say(text(answer.json))
        }
    }

    /// Shows a list as a table, and says how to get at its next part.
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
    /// The value as it stands in a table; nil for null.
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
