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
        var names = old.map(\.name)
        names += new.map(\.name).filter { !names.contains($0) }
        return names.compactMap { name in
            let was = old.first { $0.name == name }?.text
            let becomes = new.first { $0.name == name }?.text
            return was == becomes || name == "version" ? nil : ChangeView(name, was, becomes)
        }
    }

    private static func leaves(_ value: JSONValue, _ name: String = "") -> [(name: String, text: String)] {
        switch value {
        case .null: return []
        case .object(let object):
            return object.members.flatMap { leaves($0.value, name.isEmpty ? $0.key : "\(name).\($0.key)") }
        case .string(let text): return [(name.isEmpty ? "value" : name, text)]
        case .array(let items):
            let texts = items.map { $0.string ?? $0.compactText }
            return [(name.isEmpty ? "value" : name, texts.joined(separator: ", "))]
        default: return [(name.isEmpty ? "value" : name, value.compactText)]
        }
    }
}
