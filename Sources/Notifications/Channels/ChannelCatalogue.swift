/// The channel kinds of an installation. It is made once, in `Assembly`, and passed to whatever looks up kinds.
package struct ChannelCatalogue: Sendable {
    /// In display order.
    package let kinds: [any ChannelKind]

    package init(_ kinds: [any ChannelKind]) {
        self.kinds = kinds
    }

    /// All kinds of this version. `slackHosts` are further hosts that speak Slack's incoming webhook.
    package static func standard(slackHosts: SlackHosts = [], mail: MailSender? = nil) -> ChannelCatalogue {
        ChannelCatalogue([Slack(hosts: slackHosts), HipChat(), WebHook(), Email(sender: mail)])
    }

    /// The kind with this id; nil if there is none.
    package func kind(_ id: String) -> (any ChannelKind)? {
        kinds.first { $0.id.sameBytes(as: id) }
    }

    /// The ids of all kinds.
    package var ids: [String] { kinds.map(\.id) }

    /// The kind's name for people, or the id itself if there is no such kind.
    package func name(of id: String) -> String { kind(id)?.name ?? id }

    /// Who answers at channels of a kind, as part of a sentence.
    package func receiver(of id: String) -> String { kind(id)?.receiver ?? "the receiver" }
}
