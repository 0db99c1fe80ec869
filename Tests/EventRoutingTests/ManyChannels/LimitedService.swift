import Notifications

/// A service that answers as documented, and counts the requests of each account as it does.
struct LimitedService: Sendable {
    let kind: String
    /// How it knows a request to be its own.
    let owns: @Sendable (HTTPMessage) -> Bool
    /// What it counts by: an address, a token, a room, a sender.
    let account: @Sendable (HTTPMessage) -> String
    let limits: [PublishedLimit]
    let success: (status: Int, body: String)
}

extension LimitedService {
    static let all = chat + others

    private static let chat: [LimitedService] = [
        // "1 per second", and short bursts (https://docs.slack.dev/apis/web-api/rate-limits).
        byURL("slack", "hooks.slack.com", [.window(8, .seconds(4)), .window(65, .seconds(60))], 200, "ok"),
        byURL("hipchat", ".hipchat.com", [.window(30, .seconds(60)), .window(500, .seconds(300))], 204, ""),
        byURL("teams", ".logic.azure.com", [.window(4, .seconds(1))], 202, ""),
        // Both of them: https://github.com/discord/discord-api-docs/issues/367.
        byURL("discord", "discord.com", [.window(5, .seconds(2)), .window(30, .seconds(60))], 204, ""),
        byURL(
            "googlechat", "chat.googleapis.com", [.window(1, .seconds(1)), .window(60, .seconds(60))], 200,
            #"{"name":"spaces/A/messages/B"}"#),
        byURL("mattermost", "mattermost.", [.bucket(100, every: .milliseconds(100))], 200, "ok"),
        // API_Enable_Rate_Limiter_Limit_Calls_Default and _Time_Default, which incoming integrations obey too
        // (https://github.com/RocketChat/Rocket.Chat/pull/15038).
        byURL("rocketchat", "rocketchat.", [.window(10, .seconds(60))], 200, #"{"success":true}"#),
        LimitedService(
            kind: "telegram", owns: { $0.isFor("api.telegram.org") }, account: { $0.member("chat_id") },
            limits: [.window(1, .seconds(1)), .window(20, .seconds(60))],
            success: (200, #"{"ok":true,"result":{"message_id":7}}"#)),
        byHeader(
            "zulip", "zulipchat.com", [.window(200, .seconds(60))], 200, #"{"result":"success","msg":"","id":42}"#),
        byHeader("matrix", "matrix.", [.bucket(10, every: .seconds(5))], 200, #"{"event_id":"$e"}"#),
    ]

    private static let others: [LimitedService] = [
        byURL("webhook", "hooks.example.com", [], 200, ""),
        LimitedService(
            kind: "pagerduty", owns: { $0.isFor("events.pagerduty.com") }, account: { $0.member("routing_key") },
            limits: [.window(120, .seconds(60))],
            success: (202, #"{"status":"success","message":"Event processed","dedup_key":"k"}"#)),
        // Its limits depend on the plan; none is published for all.
        byHeader("opsgenie", "api.opsgenie.com", [], 202, #"{"result":"Request will be processed","requestId":"r"}"#),
        // All of a sender's topics count together.
        LimitedService(
            kind: "ntfy", owns: { $0.isFor("ntfy.") }, account: { _ in "sender" },
            limits: [.bucket(60, every: .seconds(5))],
            success: (200, #"{"id":"x","time":1,"event":"message","topic":"t"}"#)),
        // 80 changes a minute, 900 points a minute of which a change costs 5, 5,000 requests an hour
        // (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
        byHeader(
            "github", "api.github.com", [.window(80, .seconds(60)), .window(5000, .seconds(3600))], 201,
            #"{"id":1,"state":"success"}"#),
        // GitLab.com's for a user, and the least of GitLab Dedicated (https://docs.gitlab.com/user/gitlab_com/).
        byHeader("gitlab", "gitlab.", [.window(1200, .seconds(60))], 201, #"{"id":93,"status":"success"}"#),
    ]

    private static func byURL(
        _ kind: String, _ host: String, _ limits: [PublishedLimit], _ status: Int, _ body: String
    ) -> LimitedService {
        LimitedService(
            kind: kind, owns: { $0.isFor(host) }, account: { $0.url }, limits: limits, success: (status, body))
    }

    private static func byHeader(
        _ kind: String, _ host: String, _ limits: [PublishedLimit], _ status: Int, _ body: String
    ) -> LimitedService {
        LimitedService(
            kind: kind, owns: { $0.isFor(host) }, account: { $0.credential }, limits: limits, success: (status, body))
    }
}

extension HTTPMessage {
    /// Whether the address has this part of a host's name.
    fileprivate func isFor(_ name: String) -> Bool { host?.contains(name) == true }

    fileprivate func member(_ name: String) -> String {
        let value = (try? JSONValue.parse(body))?[name]
        return value?.string ?? value?.integer.map(String.init) ?? ""
    }

    fileprivate var credential: String { headers.first(where: \.isSecret)?.value ?? "" }
}
