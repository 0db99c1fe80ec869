import Notifications

/// What stands around every page's own content.
struct PageFrame: Sendable {
    struct Place: Sendable {
        let title: String
        let path: String
        let isCurrent: Bool
    }

    let title: String
    let styles = PageAsset.styles.path
    let script = PageAsset.script.path
    let icon = PageAsset.icon.path
    var organization: String?
    /// `/organizations/1`
    var base = ""
    var places: [Place] = []
    /// Who is signed in, in words.
    var who: String?
    var formToken = ""
    /// Says what was just done.
    var notice: String?
    /// Why nothing can be changed here.
    var readOnly: String?
    /// Goes to this address by itself, without a script.
    var refresh: String?
}

/// The pages of an organization.
enum PageSection: String, CaseIterable, Sendable {
    case notifications, deliveries, events
    case auditLog = "audit-log"
    case members, keys, settings

    var title: String {
        switch self {
        case .notifications: "Notifications"
        case .deliveries: "Deliveries"
        case .events: "Events"
        case .auditLog: "Audit log"
        case .members: "Members"
        case .keys: "Keys"
        case .settings: "Organization"
        }
    }
}

/// What a page says at its top after something was done. The word stands in the address, the sentence only here, so that
/// nobody can put words of their own on a page.
enum PageNotice: String, CaseIterable, Sendable {
    case saved, created, enabled, disabled, paused, resumed, removed, undone, restored, retried
    case memberSaved = "member-saved"
    case memberRemoved = "member-removed"
    case keyRemoved = "key-removed"
    case replayStarted = "replay-started"
    case organizationSaved = "organization-saved"

    var text: String {
        switch self {
        case .saved: "Saved."
        case .created: "The channel is saved. It is told of the next load test."
        case .enabled: "The channel is enabled."
        case .disabled: "The channel is disabled: nothing is sent to it."
        case .paused: "The channel is paused: what comes for it waits until it is resumed."
        case .resumed: "The channel is resumed."
        case .removed: "The channel will be removed in a minute. Until then it is paused, and you can undo this."
        case .undone: "The channel stays as it was."
        case .restored: "The channel is as it was in that revision."
        case .retried: "The delivery is due now."
        case .memberSaved: "The member is saved."
        case .memberRemoved: "The member and the member's keys are removed."
        case .keyRemoved: "The key is removed; it stopped working at once."
        case .replayStarted: "It is being sent again."
        case .organizationSaved: "The organization is saved."
        }
    }
}
