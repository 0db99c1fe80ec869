import Notifications
import Repository

/// A delivery as an inspector: what became of it and why, and each attempt.
struct DeliveryPage: PageModel {
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
    let eventID: String
    let run: String?
    let runPath: String?
    let dueAt: TimeView?
    /// Whether it waits until its channel is resumed, whenever it is due.
    let isHeld: Bool
    /// Newest first.
    let attempts: [AttemptView]
    /// `Retry now`, or `Send again` if it was delivered; nil if nothing can be sent now.
    let retryLabel: String?
    let isDelivered: Bool
    /// Whether requests are shown: they are for who may see the channel's settings.
    let hasRequests: Bool
    /// Whether the delivery's ID is a header that receivers see.
    let sendsID: Bool

    init(
        _ line: DeliveryLine, _ attempts: [Attempt], requests: [Int: RedactedMessage], notice: PageNotice?,
        in page: PageContext
    ) {
        let (delivery, content) = (line.delivery, line.content)
        frame = page.frame("Delivery", notice: notice)
        id = delivery.id.text
        path = page.path("deliveries/\(delivery.id)")
        state = StateView(delivery.state)
        text = line.text
        channel = DisplayText.line(line.channelName)
        channelPath = page.path("channels/\(delivery.channelID)")
        let name = content.name.map { ": " + DisplayText.cut($0, to: 160) }
        event = content.headline + (name ?? "")
        eventPath = page.path("events/\(delivery.eventID)")
        eventID = delivery.eventID.text
        run = content.run?.id.description
        runPath = content.run.map { page.path("runs/\($0.id)") }
        dueAt = TimeView(delivery.dueAt)
        isHeld = line.isHeld
        let following = attempts.dropFirst().map { Optional($0) } + [nil]
        self.attempts = zip(attempts, following).map { attempt, next in
            AttemptView(attempt, next: next, of: line, request: requests[attempt.number])
        }.reversed()
        isDelivered = delivery.state == .delivered
        retryLabel =
            !page.mayAdminister || delivery.state == .claimed || isHeld
            ? nil : isDelivered ? "Send again" : "Retry now"
        hasRequests = page.mayAdminister
        sendsID = line.kind.sameBytes(as: WebHook().id)
    }
}
