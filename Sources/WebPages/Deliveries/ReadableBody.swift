import Notifications

/// A body for people: JSON indented, a member a line; anything else as it is.
enum ReadableBody {
    static func text(_ body: String) -> String {
        guard body.utf8.first.map({ $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }) == true,
            let json = try? JSONValue.parse(body.utf8)
        else { return body }
        return lines(json, "").joined(separator: "\n")
    }

    private static func lines(_ value: JSONValue, _ indent: String) -> [String] {
        switch value {
        case .object(let object) where !object.members.isEmpty:
            let members = object.members.map { ("\(JSONValue.string($0.key).compactText): ", $0.value) }
            return block(members, "{", "}", indent)
        case .array(let items) where !items.isEmpty:
            return block(items.map { ("", $0) }, "[", "]", indent)
        default: return [value.compactText]
        }
    }

    /// Only the first line has no indent: it continues the line of its name.
    private static func block(
        _ items: [(name: String, value: JSONValue)], _ open: String, _ close: String, _ indent: String
    ) -> [String] {
        let inner = indent + "  "
        var all = [open]
        for (place, item) in items.enumerated() {
            var part = lines(item.value, inner)
            part[0] = inner + item.name + part[0]
            if place < items.count - 1 { part[part.count - 1] += "," }
            all += part
        }
        return all + [indent + close]
    }
}
