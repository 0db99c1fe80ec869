/// The channel kinds of an installation. It is made once, in `Assembly`, and passed to whatever looks up kinds.
package struct ChannelCatalogue: Sendable {
    /// In display order.
    package let kinds: [any ChannelKind]

    package init(_ kinds: [any ChannelKind]) {
        self.kinds = kinds
    }

    /// All kinds of this version. `hosts` stand in for the services' own; `mail` is how mail is sent, if the installation
    /// sends any; `certificates` reads them, in a program that makes connections.
    package static func standard(
        hosts: ServiceHosts = ServiceHosts(), mail: MailSender? = nil, certificates: (any CertificateReader)? = nil
    ) -> ChannelCatalogue {
        ChannelCatalogue([
            Slack(hosts: hosts["slack"]), HipChat(), WebHook(certificates: certificates), Email(sender: mail),
            Teams(hosts: hosts["teams"]), Discord(hosts: hosts["discord"]), GoogleChat(hosts: hosts["googlechat"]),
            Mattermost(), RocketChat(), Telegram(), Zulip(), Matrix(), PagerDuty(hosts: hosts["pagerduty"]),
            Opsgenie(hosts: hosts["opsgenie"]), Ntfy(), GitHub(), GitLab(),
        ])
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
