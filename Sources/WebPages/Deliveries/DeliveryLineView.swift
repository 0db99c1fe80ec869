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
    /// The load test.
    let test: String?
    let run: String?
    let runPath: String
    let attempts: Int
    let status: String?
    let text: String
    /// Whether the visitor may retry it now.
    let canSelect: Bool

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
        test = line.content.name.map { DisplayText.cut($0, to: 120) }
        run = line.content.run?.id.description
        runPath = page.path("runs/\(run ?? "")")
        attempts = delivery.attempts
        status = line.lastStatus.map { String($0) }
        text = line.text
        canSelect = page.mayAdminister && delivery.state != .delivered && delivery.state != .claimed
    }
}
