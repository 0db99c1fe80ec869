/// What a kind's receivers are to people; the page that lists the kinds is divided by it.
package enum ChannelGroup: String, CaseIterable, Sendable {
    case chat
    case onCall = "on_call"
    case mail
    case ci
    case webHook = "web_hook"

    /// The group's name, for people.
    package var name: String {
        switch self {
        case .chat: "Chat"
        case .onCall: "On call"
        case .mail: "Mail"
        case .ci: "CI"
        case .webHook: "Web hook"
        }
    }
}
