import Notifications
import Repository

struct DeliveryLineView: Sendable {
    let id: String
    let path: String
    let at: TimeView
    let state: StateView
    let channel: String
    let channelPath: String
    let event: String
    let eventPath: String
    let run: String?
    let attempts: Int
    let status: String?
    let text: String

    init(_ line: DeliveryLine, in page: PageContext) {
        let delivery = line.delivery
        id = delivery.id.text
        path = page.path("deliveries/\(delivery.id)")
        at = TimeView(delivery.createdAt)
        state = StateView(delivery.state)
        channel = DisplayText.line(line.channelName)
        channelPath = page.path("channels/\(delivery.channelID)")
        event = line.content.headline
        eventPath = page.path("events/\(delivery.eventID)")
        run = line.content.run?.id.description
        attempts = delivery.attempts
        status = line.lastStatus.map { String($0) }
        text = line.text
    }
}

struct DeliveryPage: PageModel {
    struct Row: Sendable {
        let number: Int
        let at: TimeView
        let state: StateView
        let status: String
        let duration: String
        let address: String
        let finding: String?
        let answer: String?
    }

    static let template = "delivery"
    let frame: PageFrame
    let id: String
    let path: String
    let state: StateView
    let text: String
    let channel: String
    let channelPath: String
    let event: String
    let eventPath: String
    let dueAt: TimeView?
    let attempts: [Row]
    let canRetry: Bool

    init(
        frame: PageFrame, _ found: (delivery: Delivery, attempts: [Attempt]), _ event: Event,
        _ outcome: ChannelOutcome?, in page: PageContext
    ) {
        let delivery = found.delivery
        self.frame = frame
        id = delivery.id.text
        path = page.path("deliveries/\(delivery.id)")
        state = StateView(delivery.state)
        text = outcome?.text ?? ""
        channel = DisplayText.line(outcome?.channelName ?? "")
        channelPath = page.path("channels/\(delivery.channelID)")
        self.event = event.content.headline + (event.content.run.map { ": \($0.displayName) (run \($0.id))" } ?? "")
        eventPath = page.path("events/\(event.id)")
        dueAt = TimeView(delivery.dueAt)
        attempts = found.attempts.map { attempt in
            Row(
                number: attempt.number, at: TimeView(attempt.startedAt), state: StateView(verdict: attempt.verdict),
                status: attempt.status.map { "HTTP \($0)" } ?? "no response", duration: attempt.duration.short,
                address: attempt.address ?? "", finding: attempt.finding?.text,
                answer: attempt.answer.flatMap { $0.isEmpty ? nil : String(decoding: $0, as: UTF8.self) })
        }
        canRetry = page.mayAdminister && delivery.state != .delivered && delivery.state != .claimed
    }
}
