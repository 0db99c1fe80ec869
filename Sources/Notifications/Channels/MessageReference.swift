import Crypto

/// The id of a sent message, and the place where it is. The two are stored as one value, which says nothing to people.
package struct MessageReference: Equatable, Sendable {
    /// As the service calls the message.
    package let id: String
    private let place: [UInt8]

    /// A message that was sent to where these settings lead.
    package init(id: String, settings: ChannelSettings, kind: any ChannelKind) {
        self.id = id
        place = Self.place(of: settings, kind)
    }

    /// Nil for bytes that are no `bytes` of a reference.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count > SHA256.byteCount,
            case .named(let id) = SentMessage.named(
                by: String(decoding: bytes.dropFirst(SHA256.byteCount), as: UTF8.self))
        else { return nil }
        self.id = id
        place = Array(bytes.prefix(SHA256.byteCount))
    }

    /// The form in which it is stored.
    package var bytes: [UInt8] { place + Array(id.utf8) }

    /// Whether these settings lead to the message. An id means nothing in another room, or to another account.
    package func isWithin(reachOf settings: ChannelSettings, _ kind: any ChannelKind) -> Bool {
        place == Self.place(of: settings, kind)
    }

    /// Everything but switches tells where messages go, or who sends them.
    private static func place(of settings: ChannelSettings, _ kind: any ChannelKind) -> [UInt8] {
        var members = [JSONObject.Member(key: "", value: .string(kind.id))]
        for field in kind.fields {
            if case .bool = field.type { continue }
            if let value = settings[field.key] { members.append(.init(key: field.key, value: value)) }
        }
        return Array(SHA256.hash(data: JSONValue.object(JSONObject(members)).compactBytes))
    }
}
