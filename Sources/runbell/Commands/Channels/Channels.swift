import ArgumentParser
import Notifications

struct Channels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage and test the channels that notifications are sent to.",
        discussion: """
            Example:
              runbell channels kinds
              runbell channels add --kind slack --name "Team" --url https://hooks.slack.com/services/… --try
            """,
        subcommands: [
            Kinds.self, List.self, Show.self, Add.self, Edit.self, Move.self, Remove.self, Test.self, Tests.self,
            Preview.self, Pause.self, Resume.self, Revisions.self, Restore.self, RotateSecret.self,
        ]
    )
}

extension Channels {
    /// Formats a channel.
    static func text(_ channel: JSONValue) -> String {
        var listing = Listing()
        listing.add("id", channel["id"]?.cell)
        listing.add("name", channel["name"]?.cell)
        listing.add("kind", channel["kind"]?.cell)
        listing.add(
            "state", [state(channel), channel["disabled_reason"]?.cell].compactMap { $0 }.joined(separator: ": "))
        listing.add("pending", channel["pending"]?.cell)
        let certificates = certificates(channel)
        for setting in channel["settings"]?.object?.members ?? [] {
            listing.add(setting.key, certificates[setting.key] ?? setting.value.cell)
        }
        listing.add("fingerprint of the address", channel["address_fingerprint"]?.cell)
        listing.add("wants", wants(channel["subscription"] ?? .null))
        listing.add("rate limit (per minute)", channel["max_per_minute"]?.cell)
        for (name, value) in health(channel["health"] ?? .null) { listing.add(name, value) }
        listing.add("version", channel["version"]?.cell)
        listing.add("changed", channel["updated_at"]?.moment)
        guard let secret = channel["signing_secret"]?.string else { return listing.text }
        return listing.text
            + "\n\nRequests are signed with this secret, which is shown only now:\n  \(secret.printable)"
    }

    /// By setting, instead of its PEM: `runbell.example.com expires in 12 days (2026-12-09 10:12:30Z)`.
    private static func certificates(_ channel: JSONValue) -> [String: String] {
        var texts: [String: String] = [:]
        for item in channel["certificates"]?.array ?? [] {
            guard let setting = item["setting"]?.string, let name = item["name"]?.cell,
                let time = item["expires_at"]?.string.flatMap(Timestamp.init(rfc3339:))
            else { continue }
            let lifetime = Certificate(name: name, expiresAt: time).lifetime(at: Clock.now)
            let text = "\(name) \(lifetime) (\(item["expires_at"]?.moment ?? ""))"
            texts[setting] = texts[setting].map { "\($0), \(text)" } ?? text
        }
        return texts
    }

    /// The state, or that an enabled channel is failing.
    static func state(_ channel: JSONValue) -> String {
        let word = channel["state"]?.string ?? (isEnabled(channel) ? "enabled" : "disabled")
        let isFailing = word.sameBytes(as: "enabled") && channel["health"]?["failing_since"]?.string != nil
        return isFailing ? "failing" : word
    }

    /// Why the channel is in its state, on one line; nil if there is nothing to say about it.
    static func reason(_ channel: JSONValue) -> String? {
        if state(channel).sameBytes(as: "failing"), let health = channel["health"] {
            let since = health["failing_since"]?.moment.map { "since \($0)" }
            return [since, health["finding"]?["text"]?.cell].compactMap { $0 }.joined(separator: ": ")
        }
        return channel["disabled_reason"]?.cell ?? channel["pending"]?.cell
    }

    private static func health(_ health: JSONValue) -> [(String, String?)] {
        let circuit = health["circuit"] ?? .null
        let hold = health["hold"] ?? .null
        return [
            ("last delivered", health["last_success_at"]?.moment), ("failing since", health["failing_since"]?.moment),
            ("last failure", health["finding"]?["text"]?.cell), ("unreachable since", circuit["open_since"]?.moment),
            ("next probe", circuit["next_probe_at"]?.moment), ("on hold until", hold["until"]?.moment),
            ("on hold because", hold["finding"]?["text"]?.cell),
        ]
    }

    static func isEnabled(_ channel: JSONValue) -> Bool {
        channel["enabled"]?.bool ?? false
    }

    /// Formats the subscription on one line: `finished; ends in Failed threshold; projects 1, 2`.
    static func wants(_ subscription: JSONValue) -> String {
        let given = SubscriptionRule.all.compactMap { rule in subscription[rule.key]?.array.map(rule.shortWords) }
        return given.isEmpty ? "all events" : given.joined(separator: "; ")
    }
}
