import Notifications
import Repository

/// An entry of the audit log.
struct AuditLineView: Sendable {
    let sequence: Int64
    let at: TimeView
    let actor: String
    /// The entries of the same actor, and those of the same action.
    let actorPath: String
    let action: String
    let actionPath: String
    let target: String
    /// The page of what the entry is about.
    let targetPath: String?
    let changes: [ChangeView]
    let isRefusal: Bool
    let hash: String

    init(_ entry: AuditEntry, _ names: DisplayNames, in page: PageContext) {
        sequence = entry.sequence
        at = TimeView(entry.at)
        actor = names.who(entry.actor)
        action = entry.action
        actorPath = page.path("audit-log?actor=\(PercentEncoding.encode(entry.actor))")
        actionPath = page.path("audit-log?action=\(PercentEncoding.encode(entry.action))")
        target = DisplayText.line(entry.target)
        targetPath = Self.path(of: entry.target).map(page.path)
        isRefusal = entry.action.sameBytes(as: "refused")
        hash = entry.hash
        let detail = (try? JSONValue.parse(entry.detail.utf8)) ?? .null
        if detail["after"] != nil {
            var rest = detail.object ?? JSONObject()
            (rest["before"], rest["after"]) = (nil, nil)
            changes =
                ChangeView.all(from: detail["before"], to: detail["after"])
                + ChangeView.all(from: nil, to: .object(rest)).filter { $0.after?.isEmpty == false }
        } else {
            changes = ChangeView.all(from: nil, to: detail)
        }
    }

    /// Targets are the service's own words: `channel:0190…`.
    private static func path(of target: String) -> String? {
        let parts = target.pieces(between: ":", atMost: 2)
        guard parts.count == 2 else { return nil }
        let (kind, id) = (String(parts[0]), parts[1])
        switch kind {
        case "channel": return ChannelID(id).map { "channels/\($0)" }
        case "delivery": return DeliveryID(id).map { "deliveries/\($0)" }
        case "event": return EventID(id).map { "events/\($0)" }
        case "replay": return "replays"
        case "member", "user": return "members"
        case "key": return "keys"
        case "organization": return "settings"
        default: return nil
        }
    }
}
