import EventRouting
import Notifications
import Repository
import WebServing

extension ChannelPages {
    /// What would be sent to a channel for a sample event, or for a stored one.
    func preview(_ word: String?, of channel: Channel, _ page: PageContext) async throws -> PreviewView {
        let recent = try await dependencies.repository.events(
            of: page.organization, filter: EventFilter(), page: PageRequest(limit: 20), as: page.principal)
        let chosen = word ?? "test.finished.\(TestStatus.finished.code)"
        let content: EventContent
        if let sample = PreviewSample.all(in: page.organization).first(where: { chosen.sameBytes(as: $0.word) }) {
            content = sample.content
        } else if let id = EventID(chosen) {
            content = try await dependencies.repository.event(id, of: page.organization, as: page.principal).event
                .content
        } else {
            throw Problem.notFound
        }
        let shown = try await dependencies.tester.preview(
            content, for: channel.id, of: page.organization, as: page.principal)
        return PreviewView(
            samples: PreviewSample.all(in: page.organization).map {
                .init(word: $0.word, label: $0.label, isChosen: chosen.sameBytes(as: $0.word))
            },
            runs: recent.items.map {
                .init(word: $0.id.text, label: Self.label($0), isChosen: chosen.sameBytes(as: $0.id.text))
            },
            message: shown.preview, request: WireView(shown.wire),
            skipped: Self.reasonToSkip(content, at: channel), isOpen: word != nil)
    }

    /// Why the channel would not be sent an event, as the end of a sentence that begins with `because`; nil if it would.
    private static func reasonToSkip(_ content: EventContent, at channel: Channel) -> String? {
        if let reason = channel.subscription.reasonToSkip(content, history: { RunHistory.none }) {
            guard let rule = SubscriptionRule.behind(reason), let items = channel.subscription[rule] else {
                return "it is not subscribed to it"
            }
            return "it wants only \(rule.words(items))"
        }
        guard let kind = channel.knownKind else { return nil }
        return kind.declines(content)?.text(kind.receiver)
    }

    private static func label(_ event: Event) -> String {
        let time = TimeView(event.receivedAt).text
        guard let name = event.content.name else { return "\(time) \(event.content.headline)" }
        let run = event.content.run.map { " (run \($0.id))" } ?? ""
        return "\(time) \(event.content.headline): \(DisplayText.cut(name, to: 60))\(run)"
    }
}

struct PreviewView: Sendable {
    struct Choice: Sendable {
        let word: String
        let label: String
        let isChosen: Bool
    }

    let samples: [Choice]
    let runs: [Choice]
    /// How the receiver would display it; nil if the receiver is a program.
    let message: MessagePreview?
    let request: WireView
    /// Why the channel would not be sent this event, as the end of a sentence that begins with `because`.
    let skipped: String?
    let isOpen: Bool
}

/// A sample event for previews.
struct PreviewSample: Sendable {
    let word: String
    let label: String
    let content: EventContent

    static func all(in organization: OrganizationID) -> [PreviewSample] {
        let run = { (status: TestStatus) in
            LoadTestRun(
                status: status, userID: UserID(1), name: "Checkout", organizationID: organization,
                loadTestID: LoadTestID(1), id: LoadTestRunID(4711), projectID: ProjectID(1))
        }
        let started = PreviewSample(
            word: EventType.testStarted.rawValue, label: "Load test started", content: .testStarted(run(.running)))
        let finished = TestStatus.final.map { status in
            let content = EventContent.testFinished(run(status))
            return PreviewSample(word: "test.finished.\(status.code)", label: content.headline, content: content)
        }
        let test = PreviewSample(
            word: EventType.testNotificationChannel.rawValue, label: EventContent.testNotificationChannel.headline,
            content: .testNotificationChannel)
        let message = PostedMessage(
            organizationID: organization, room: "CI", from: "Jenkins", color: .green,
            text: "Build 12 of Checkout passed.")
        let posted = PreviewSample(
            word: EventType.messagePosted.rawValue, label: "Message posted", content: .messagePosted(message))
        return [started] + finished + [test, posted]
    }
}
