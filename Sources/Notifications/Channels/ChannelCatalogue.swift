/// The kinds of channels that an installation has. It is made once, where the service is put together, and passed to what
/// looks a kind up by its word.
package struct ChannelCatalogue: Sendable {
    /// In the order in which people are shown them.
    package let kinds: [any ChannelKind]

    package init(_ kinds: [any ChannelKind]) {
        self.kinds = kinds
    }

    /// The kinds of this version.
    package static func standard(slackHosts: SlackHosts = []) -> ChannelCatalogue {
        ChannelCatalogue([Slack(hosts: slackHosts), HipChat(), WebHook()])
    }

    /// Nil for a word that no kind has.
    package func kind(_ id: String) -> (any ChannelKind)? {
        kinds.first { $0.id.sameBytes(as: id) }
    }

    /// The words of all kinds.
    package var ids: [String] { kinds.map(\.id) }

    /// The name for people; the word itself when there is no such kind.
    package func name(of id: String) -> String { kind(id)?.name ?? id }

    /// Who answers at channels of a kind, in words.
    package func receiver(of id: String) -> String { kind(id)?.receiver ?? "the receiver" }
}
