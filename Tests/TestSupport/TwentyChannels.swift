import Notifications

/// One channel of each kind, and a second one of those that organizations have several of.
package enum TwentyChannels {
    package struct Entry: Sendable {
        package let kind: String
        package let settings: JSONValue
    }

    package static let all = chat + others

    private static let chat: [Entry] = [
        Entry(kind: "slack", settings: ["url": .string("https://hooks.slack.com/services/T1/B1/" + x(24))]),
        Entry(kind: "slack", settings: ["url": .string("https://hooks.slack.com/services/T1/B2/" + x(24))]),
        Entry(kind: "hipchat", settings: ["url": "https://acme.hipchat.com/v2/room/7/notification?auth_token=t"]),
        Entry(
            kind: "teams",
            settings: [
                "url": .string(
                    "https://prod-12.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=" + x(43))
            ]),
        Entry(
            kind: "discord", settings: ["url": .string("https://discord.com/api/webhooks/417429632418316298/" + x(68))]),
        Entry(
            kind: "discord", settings: ["url": .string("https://discord.com/api/webhooks/417429632418316299/" + x(68))]),
        Entry(
            kind: "googlechat",
            settings: ["url": .string("https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=" + x(43))]),
        Entry(kind: "mattermost", settings: ["url": .string("https://mattermost.example.org/hooks/" + x(26))]),
        Entry(kind: "rocketchat", settings: ["url": .string("https://rocketchat.example.org/hooks/a/" + x(24))]),
        Entry(
            kind: "telegram",
            settings: [
                "token": .string("123456789:" + x(35)), "chat": "-1001234567890", "url": "https://api.telegram.org",
            ]),
        Entry(
            kind: "zulip",
            settings: [
                "url": "https://acme.zulipchat.com", "email": "bot@acme.zulipchat.com", "api_key": .string(x(32)),
                "channel": "load tests",
            ]),
        Entry(
            kind: "matrix",
            settings: [
                "url": "https://matrix.example.org", "access_token": .string("syt_" + x(40)),
                "room": "!abc:example.org",
            ]),
    ]

    private static let others: [Entry] = [
        Entry(kind: "webhook", settings: ["url": "https://hooks.example.com/one"]),
        Entry(kind: "webhook", settings: ["url": "https://hooks.example.com/two"]),
        Entry(kind: "email", settings: ["recipients": "ops@example.org"]),
        Entry(kind: "pagerduty", settings: ["routing_key": .string(x(32)), "url": "https://events.pagerduty.com"]),
        Entry(kind: "opsgenie", settings: ["api_key": .string(x(36)), "url": "https://api.opsgenie.com"]),
        Entry(kind: "ntfy", settings: ["topic": "acme-load-tests-8f3k2m", "url": "https://ntfy.example.org"]),
        Entry(
            kind: "github",
            settings: ["repository": "acme/shop", "token": .string("ghp_" + x(36)), "url": "https://api.github.com"]),
        Entry(
            kind: "gitlab",
            settings: ["project": "acme/shop", "token": .string("glpat-" + x(20)), "url": "https://gitlab.example.org"]),
    ]

    private static func x(_ count: Int) -> String { String(repeating: "x", count: count) }
}
