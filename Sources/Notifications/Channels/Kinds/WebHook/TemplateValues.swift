/// What a template's placeholders stand for.
struct TemplateValues {
    /// The placeholders. The raw value is what stands in the template.
    enum Name: String, CaseIterable {
        case event, id, time, headline, text, severity, name, status
        case statusText = "status_text"
        case userID = "user_id"
        case userName = "user_name"
        case organizationID = "organization_id"
        case loadTestID = "load_test_id"
        case loadTestRunID = "load_test_run_id"
        case projectID = "project_id"
        case runLink = "run_link"
        case channelName = "channel_name"
        case commit, repository, branch, environment
    }

    private let notice: Notice

    init(_ notice: Notice) {
        self.notice = notice
    }

    /// A text, a number, or null if the event has no such value.
    subscript(_ name: Name) -> JSONValue {
        switch name {
        case .event: .string(notice.content.type.rawValue)
        case .id: .string(notice.deliveryID.text)
        case .time: JSONValue(notice.deliveryID.time)
        case .headline: .string(notice.content.headline)
        case .text: Self.cut(text)
        case .severity: .string(notice.content.severity.word)
        case .runLink: JSONValue(notice.link(atMost: .max))
        case .channelName: alert.map { Self.cut($0.channelName) } ?? .null
        case .organizationID: JSONValue(notice.content.organizationID ?? alert?.organizationID)
        default: run.map { value(name, of: $0) } ?? .null
        }
    }

    private func value(_ name: Name, of run: LoadTestRun) -> JSONValue {
        switch name {
        case .name: Self.cut(run.displayName)
        case .status: .integer(run.status.code)
        case .statusText: Self.cut(run.statusText)
        case .userID: JSONValue(run.userID)
        case .userName: run.userName.map(Self.cut) ?? .null
        case .loadTestID: JSONValue(run.loadTestID)
        case .loadTestRunID: JSONValue(run.id)
        case .projectID: JSONValue(run.projectID)
        case .commit: JSONValue(run.context.commit)
        case .repository: JSONValue(run.context.repository)
        case .branch: JSONValue(run.context.branch)
        case .environment: JSONValue(run.context.environment)
        default: .null
        }
    }

    private var run: LoadTestRun? { notice.content.run }

    private var alert: ChannelAlert? {
        if case .channelAlert(let alert) = notice.content { alert } else { nil }
    }

    private var text: String {
        guard let run else { return "\(notice.content.headline): \(notice.content.explanation)" }
        return "\(notice.content.headline): \(run.displayName)"
    }

    private static func cut(_ text: String) -> JSONValue {
        .string(DisplayText.cut(DisplayText.line(text), to: JSONTemplate.valueLength))
    }
}

extension EventSeverity {
    /// The word in a template.
    fileprivate var word: String {
        switch self {
        case .information: "information"
        case .passed: "passed"
        case .stoppedByUser: "stopped_by_user"
        case .stoppedBySystem: "stopped_by_system"
        case .scriptError: "script_error"
        case .threshold: "threshold"
        }
    }
}
