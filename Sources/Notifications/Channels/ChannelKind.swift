/// A service that notifications can go to. One kind is one file of pure functions and one word in `ChannelCatalogue`.
package protocol ChannelKind: Sendable {
    /// What the kind sends: `HTTPMessage`, or another way out's.
    associatedtype Message: OutboundMessage

    /// The word in the API: `slack`.
    var id: String { get }
    /// The name for people: `Slack`.
    var name: String { get }
    /// Who receives, within a sentence: `Slack`, `the web hook`.
    var receiver: String { get }
    /// One sentence: how a person gets what has to be pasted here.
    var summary: String { get }
    var fields: [Field] { get }
    /// How fast the service says that an address may be sent to; nil when it says nothing.
    var rate: SendingRate? { get }
    /// Words that stand in every address of the kind, in lower case. They may be shown where an address may not.
    var publicWords: [String] { get }

    /// What is sent for an event. Settings have passed the checks of `fields`.
    func message(for notice: Notice, settings: ChannelSettings) -> Message

    /// What the service's answer means.
    func verdict(on answer: Answer) -> Verdict

    /// How the service shows the message; nil for kinds whose receivers are programs: what goes over the wire is what
    /// they see.
    func preview(of message: Message) -> MessagePreview?
}

extension ChannelKind {
    package var rate: SendingRate? { nil }
    package var publicWords: [String] { [] }
    package var receiver: String { name }
    package func preview(of message: Message) -> MessagePreview? { nil }

    /// What would be sent for an event, as it may be shown.
    package func shownMessage(for notice: Notice, settings: ChannelSettings) -> ShownMessage {
        let message = message(for: notice, settings: settings)
        return ShownMessage(wire: message.redacted, preview: preview(of: message))
    }

    /// The host that a channel with these settings sends to; nil when it has no address that can be read.
    package func host(of settings: ChannelSettings) -> String? {
        let time = Timestamp(seconds: 0)
        let notice = Notice(
            content: .testNotificationChannel, deliveryID: DeliveryID(at: time), attempt: 1, at: time)
        return message(for: notice, settings: settings).host
    }
}

/// A message that was not sent, as it may be shown.
package struct ShownMessage: Sendable {
    /// What would go over the wire, secrets masked.
    package let wire: RedactedMessage
    /// How its receiver would show it; nil when that is a program.
    package let preview: MessagePreview?
}

/// One event put before one channel, with all that a kind may want to say of it.
package struct Notice: Sendable {
    package let content: EventContent
    /// The same over all attempts of one delivery.
    package let deliveryID: DeliveryID
    /// Counts from 1.
    package let attempt: Int
    /// When this attempt is made.
    package let at: Timestamp
    /// The page of the run, when the organization has a run link template.
    package let runLink: String?

    package init(content: EventContent, deliveryID: DeliveryID, attempt: Int, at: Timestamp, runLink: String? = nil) {
        self.content = content
        self.deliveryID = deliveryID
        self.attempt = attempt
        self.at = at
        self.runLink = runLink
    }
}
