import Foundation

/// An address that somebody pasted to have its kind recognized: a service's own, or one in the form of Apprise
/// (https://github.com/caronc/apprise/wiki), whose scheme names the service.
package struct PastedAddress: Sendable {
    /// As pasted, without white space around it.
    package let text: String
    /// In lower case: `https`, `slack`.
    package let scheme: String
    /// Parts are decoded. Nil if the address has none.
    let user: String?
    let password: String?
    /// In lower case; of an Apprise address it may be a token, which `Host` keeps as pasted.
    let host: String
    let port: Int?
    /// Without empty parts.
    let path: [String]
    private let query: [(name: ForeignText, value: String)]

    /// The maximum length in bytes.
    package static let lengthLimit = OutboundURL.lengthLimit

    /// Nil for text that is no address.
    package init?(_ pasted: String) {
        let text = pasted.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.utf8.count <= Self.lengthLimit, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let parts = text.wholeMatch(
                of: /([A-Za-z][A-Za-z0-9+.\-]*):\/\/(?:([^\/?@]*)@)?([^\/?@:]+)(?::([^\/?]+))?(\/[^?]*)?(?:\?(.*))?/)
        else { return nil }
        port = parts.4.flatMap { Int($0) }
        // In the address of a Telegram bot, a part of the token stands where others have a port.
        guard parts.4 == nil || port != nil || parts.1.lowercased().sameBytes(as: "tgram") else { return nil }
        self.text = text
        scheme = parts.1.lowercased()
        let user = (parts.2 ?? "").pieces(between: ":", atMost: 2).map(Self.decoded)
        self.user = user.first.flatMap { $0.isEmpty ? nil : $0 }
        password = user.count == 2 ? user[1] : nil
        host = Self.decoded(parts.3)
        path = (parts.5 ?? "").pieces(between: "/").filter { !$0.isEmpty }.map(Self.decoded)
        query = (parts.6 ?? "").pieces(between: "&").filter { !$0.isEmpty }.map { pair in
            let halves = pair.pieces(between: "=", atMost: 2)
            return (ForeignText(Self.decoded(halves[0])), halves.count == 2 ? Self.decoded(halves[1]) : "")
        }
    }

    /// The host, with the port if there is one.
    var server: String { host + (port.map { ":\($0)" } ?? "") }

    /// The value of a query's member; nil if there is none.
    subscript(_ name: String) -> String? {
        query.first { $0.name.text.sameBytes(as: name) }?.value
    }

    /// The names in the query.
    var queryNames: [ForeignText] { query.map(\.name) }

    /// Whether the scheme is one of these.
    func isOf(_ schemes: String...) -> Bool { schemes.contains(where: scheme.sameBytes) }

    /// The address as the transport reads it; nil unless it is a web address in plain form.
    package var url: OutboundURL? { try? OutboundURL(parsing: text) }

    private static func decoded(_ text: Substring) -> String { text.removingPercentEncoding ?? String(text) }
}

extension ChannelKind {
    /// For kinds whose address is all there is to enter: recognized by the rule of its field. An address without a path
    /// says nothing about a service.
    package func recognizeURL(_ address: PastedAddress) -> ChannelSettings? {
        guard let url = address.url, !url.target.sameBytes(as: "/"),
            let field = fields.first(where: { $0.key.utf8.elementsEqual("url".utf8) }), field.isRequired,
            case .url(let rule) = field.type, rule.error(url) == nil
        else { return nil }
        return ChannelSettings(JSONObject([.init(key: field.key, value: .string(address.text))]))
    }
}

extension ChannelSettings {
    /// Settings of texts; nil values are left out.
    init(texts: KeyValuePairs<String, String?>) {
        self.init(
            JSONObject(texts.compactMap { key, text in text.map { .init(key: key, value: .string($0)) } }))
    }
}

extension ChannelCatalogue {
    /// The kind that a pasted address belongs to, with the settings that it stands for. Kinds that take any address come
    /// last; nil for text that no kind takes.
    package func recognize(_ text: String) -> (kind: any ChannelKind, settings: ChannelSettings)? {
        guard let address = PastedAddress(text) else { return nil }
        let inOrder = kinds.filter { $0.group != .webHook } + kinds.filter { $0.group == .webHook }
        for kind in inOrder {
            if let settings = kind.recognize(address) { return (kind, settings) }
        }
        return nil
    }
}
