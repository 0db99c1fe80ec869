import Notifications
import Repository

/// One value that differs between two states.
struct ChangeView: Equatable, Sendable {
    let field: String
    /// Nil if there was none.
    let before: String?
    let after: String?
    let isAdded: Bool
    let isRemoved: Bool

    init(_ field: String, _ before: String?, _ after: String?) {
        self.field = field
        self.before = before
        self.after = after
        isAdded = before == nil
        isRemoved = after == nil
    }

    /// The differences between two JSON values, leaf by leaf. `version` is left out, since it always differs.
    static func all(from before: JSONValue?, to after: JSONValue?) -> [ChangeView] {
        let (old, new) = (leaves(before ?? .null), leaves(after ?? .null))
        let (texts, newTexts) = (byName(old), byName(new))
        let names = old.map(\.name) + new.map(\.name).filter { texts[$0] == nil }
        return names.compactMap { name in
            let (was, becomes) = (texts[name], newTexts[name])
            return was == becomes || name == version ? nil : ChangeView(name.text, was?.text, becomes?.text)
        }
    }

    private static let version: ForeignText = "version"

    private typealias Leaf = (name: ForeignText, text: ForeignText)

    private static func byName(_ leaves: [Leaf]) -> [ForeignText: ForeignText] {
        Dictionary(leaves.map { ($0.name, $0.text) }) { first, _ in first }
    }

    private static func leaves(_ value: JSONValue, _ name: String = "") -> [Leaf] {
        texts(value, name).map { (ForeignText($0.name), ForeignText($0.text)) }
    }

    private static func texts(_ value: JSONValue, _ name: String) -> [(name: String, text: String)] {
        switch value {
        case .null: return []
        case .object(let object):
            return object.members.flatMap { texts($0.value, name.isEmpty ? $0.key : "\(name).\($0.key)") }
        case .string(let text): return [(name.isEmpty ? "value" : name, text)]
        case .array(let items):
            let texts = items.map { $0.string ?? $0.compactText }
            return [(name.isEmpty ? "value" : name, texts.joined(separator: ", "))]
        default: return [(name.isEmpty ? "value" : name, value.compactText)]
        }
    }
}
