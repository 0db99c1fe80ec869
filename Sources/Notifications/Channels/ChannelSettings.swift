/// The values of a channel's fields. Its description contains only the keys, so a log line cannot leak a secret.
package struct ChannelSettings: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package var json: JSONObject

    package init(_ json: JSONObject = JSONObject()) {
        self.json = json
    }

    package subscript(_ key: String) -> JSONValue? {
        get { json[key] }
        set { json[key] = newValue }
    }

    /// The string at a key; nil if there is none.
    package func text(_ key: String) -> String? { json[key]?.string }
    /// The boolean at a key; nil if there is none.
    package func flag(_ key: String) -> Bool? { json[key]?.bool }

    /// The order does not count: what the service adds to a new channel comes last, and in a form it stands among the others.
    package static func == (lhs: ChannelSettings, rhs: ChannelSettings) -> Bool {
        lhs.json.members.count == rhs.json.members.count
            && lhs.json.members.allSatisfy { rhs.json[$0.key] == $0.value }
    }

    package var description: String { "settings(\(keys.joined(separator: ", ")))" }
    private var keys: [String] { json.names.sorted { $0 < $1 }.map(\.text) }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["keys": keys], displayStyle: .struct) }
}
