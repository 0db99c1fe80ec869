import Notifications

/// The frame around every page's content.
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
    /// The signed-in user, in words.
    var who: String?
    var formToken = ""
    /// Reports the last action.
    var notice: String?
    /// Why the page is read-only.
    var readOnly: String?
    /// Whether a form comes back with errors: the title says so first.
    var isError = false
    /// Redirects to this address, without a script.
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

    /// What a user needs to see it; whoever lacks it has no tab for it.
    var permission: Permission {
        switch self {
        case .notifications, .deliveries, .events: .read
        case .auditLog, .members: .administer
        case .keys: .manageKeys
        case .settings: .readOrganization
        }
    }
}

/// The notice at the top of a page after an action. The address contains only the word and the code the sentence, so
/// that nobody can put a text of their own on a page.
enum PageNotice: String, CaseIterable, Sendable {
    case saved, created, enabled, disabled, paused, resumed, removed, undone, restored, retried
    case createdUnconfirmed = "created-unconfirmed"
    case selectionRetried = "selection-retried"
    case nothingSelected = "nothing-selected"
    case createdBefore = "created-before"
    case notRotated = "not-rotated"
    case keyCreatedBefore = "key-created-before"
    case memberSaved = "member-saved"
    case memberRemoved = "member-removed"
    case keyRemoved = "key-removed"
    case replayStarted = "replay-started"
    case organizationSaved = "organization-saved"

    var text: String {
        switch self {
        case .saved: "Saved."
        case .created: "Channel saved. It will be notified of the next load test."
        case .createdUnconfirmed:
            "Channel saved. It is notified once a recipient has confirmed: press Test Hook to send each the link."
        case .createdBefore: "This channel has already been created. Its secret is shown only once."
        case .notRotated:
            "The secret was not rotated: the channel has changed since the form was shown. A new secret is shown only once."
        case .keyCreatedBefore:
            "This key has already been created. A key is shown only once: if you lost it, remove it."
        case .enabled: "Channel enabled."
        case .disabled: "Channel disabled. Nothing will be sent to it."
        case .paused: "Channel paused. Events are queued until you resume."
        case .resumed: "Channel resumed."
        case .removed: "The channel will be removed in one minute. Until then it is paused, and you can undo this."
        case .undone: "Removal undone."
        case .restored: "Revision restored."
        case .retried: "Delivery queued for an immediate retry."
        case .selectionRetried:
            "Queued for an immediate retry, except what is being sent or has been delivered, or whose channel is disabled."
        case .nothingSelected: "No delivery was selected, so nothing was changed."
        case .memberSaved: "Member saved."
        case .memberRemoved: "Member and their keys removed."
        case .keyRemoved: "Key removed. It no longer works."
        case .replayStarted: "Replay started."
        case .organizationSaved: "Organization saved."
        }
    }
}

extension PageNotice {
    /// After a channel has been created.
    static func created(_ channel: Channel) -> PageNotice {
        channel.knownKind?.pending(in: channel.settings) == nil ? .created : .createdUnconfirmed
    }
}
