/// A service that can receive notifications. A kind is one file of pure functions, registered in
/// `ChannelCatalogue.standard`.
package protocol ChannelKind: Sendable {
    /// What the kind sends: `HTTPMessage`, or the message of another transport.
    associatedtype Message: OutboundMessage

    /// The word in the API and the database: `slack`.
    var id: String { get }
    /// The name for people: `Slack`.
    var name: String { get }
    /// The receiver as part of a sentence: `Slack`, `the web hook`.
    var receiver: String { get }
    /// One sentence: where to get what has to be entered here.
    var summary: String { get }
    /// Where the kind stands in lists for people.
    var group: ChannelGroup { get }
    /// Two letters that tell it from the other kinds in such lists.
    var mark: String { get }
    var fields: [Field] { get }
    /// What somebody does who has never set it up.
    var setup: SetupGuide { get }
    /// The service's documented rate limit for an address; nil if it documents none.
    var rate: SendingRate? { get }
    /// Words in every address of the kind, in lower case. They may be shown where an address may not.
    var publicWords: [String] { get }

    /// Why the kind has nothing to say about an event; nil if it makes a message. Decided when the event is accepted,
    /// for every channel of the organization, so it must be cheap. `message` still makes a harmless message for it, for
    /// previews.
    func declines(_ content: EventContent) -> Decline?

    /// The settings that a pasted address stands for; nil if it is not one of the kind's.
    func recognize(_ address: PastedAddress) -> ChannelSettings?

    /// What is wrong with settings although each field is fine by itself. The fields of the errors are keys.
    func errors(in settings: ChannelSettings) -> [ValidationError]

    /// That the service these settings lead to has ended, as a whole sentence; nil if it may be there.
    func end(of settings: ChannelSettings) -> String?

    /// Whether people confirm that they want the notifications of a channel. If not, nothing is ever `pending`.
    var asksRecipients: Bool { get }

    /// What somebody has to do before notifications arrive, in whole sentences; nil if nothing.
    func pending(in settings: ChannelSettings) -> String?

    /// The settings as they will be once nothing is `pending`: what previews show.
    func settled(_ settings: ChannelSettings) -> ChannelSettings

    /// What the service itself keeps beside the fields, added to settings that are about to be saved. `place` is that of a
    /// new channel; `before` are the settings that are replaced.
    func completed(_ settings: ChannelSettings, at place: String?, keeping before: ChannelSettings?) -> ChannelSettings

    /// The certificates among the settings, for people who want to know when they expire.
    func certificates(in settings: ChannelSettings) -> [ChannelCertificate]

    /// Makes the message for an event. `settings` have been validated against `fields`.
    func message(for notice: Notice, settings: ChannelSettings) -> Message

    /// Interprets the service's answer. It sees only the answer, not the message or the delivery's past attempts.
    func verdict(on answer: Answer) -> Verdict

    /// Whether a run's finished message answers or replaces its started message by the id in the service's answer to
    /// that. If so, the id is kept, and the notice of the end has it.
    func refersToStart(_ settings: ChannelSettings) -> Bool

    /// Whether the service shows only the newest message about a run, so that the one about its start must not come last.
    var showsNewestOnly: Bool { get }

    /// What an answer says about the service's messages. An answer by which the message that was referred to is gone
    /// has its delivery sent again without it.
    func sentMessage(in answer: Answer) -> SentMessage

    /// Shows the message as the service would; nil for kinds whose receivers are programs, which see exactly what is
    /// sent.
    func preview(of message: Message) -> MessagePreview?
}

extension ChannelKind {
    package var rate: SendingRate? { nil }
    package var publicWords: [String] { [] }
    package var receiver: String { name }
    package var group: ChannelGroup { .chat }
    package var mark: String { name.prefix(bytes: 2) }
    package func declines(_ content: EventContent) -> Decline? { nil }
    package func recognize(_ address: PastedAddress) -> ChannelSettings? { recognizeURL(address) }
    /// Most services are there.
    package func end(of settings: ChannelSettings) -> String? { nil }
    package var asksRecipients: Bool { false }
    /// Nothing.
    package func pending(in settings: ChannelSettings) -> String? { nil }
    /// As they are.
    package func settled(_ settings: ChannelSettings) -> ChannelSettings { settings }
    /// Messages stand alone, or belong together by the run's number.
    package func refersToStart(_ settings: ChannelSettings) -> Bool { false }
    package func sentMessage(in answer: Answer) -> SentMessage { .unnamed }
    /// Each message is shown.
    package var showsNewestOnly: Bool { false }
    /// None: the fields do not depend on each other.
    package func errors(in settings: ChannelSettings) -> [ValidationError] { [] }
    package func preview(of message: Message) -> MessagePreview? { nil }
    /// Nothing.
    package func completed(
        _ settings: ChannelSettings, at place: String?, keeping before: ChannelSettings?
    ) -> ChannelSettings { settings }
    /// None.
    package func certificates(in settings: ChannelSettings) -> [ChannelCertificate] { [] }

    /// What would be sent for an event once nothing is pending, with secrets masked.
    package func shownMessage(for notice: Notice, settings: ChannelSettings) -> ShownMessage {
        let message = message(for: notice, settings: settled(settings))
        return ShownMessage(wire: message.redacted, preview: preview(of: message))
    }

    /// The receiver's host for these settings; nil if they contain no readable address.
    package func host(of settings: ChannelSettings) -> String? {
        let time = Timestamp(seconds: 0)
        let notice = Notice(
            content: .testNotificationChannel, deliveryID: DeliveryID(at: time), attempt: 1, at: time)
        return message(for: notice, settings: settings).host
    }
}

/// A message that was not sent, with secrets masked.
package struct ShownMessage: Sendable {
    /// What would be sent, with secrets masked.
    package let wire: RedactedMessage
    /// How its receiver would show it; nil if that is a program.
    package let preview: MessagePreview?
}

/// Everything that a kind may want to say about an event.
package struct Notice: Sendable {
    package let content: EventContent
    /// The same for all attempts of one delivery.
    package let deliveryID: DeliveryID
    /// Counts from 1.
    package let attempt: Int
    /// When this attempt is made.
    package let at: Timestamp
    /// The page of the run: the one that the event names, or else the one by the organization's run URL template. The page
    /// that a message is about.
    package let runLink: String?
    /// At the end of a run: the service's id of the message about its start, if the kind refers to it and it is known.
    package let startedMessage: String?

    package init(
        content: EventContent, deliveryID: DeliveryID, attempt: Int, at: Timestamp, runLink: String? = nil,
        startedMessage: String? = nil
    ) {
        self.content = content
        self.deliveryID = deliveryID
        self.attempt = attempt
        self.at = at
        self.runLink = content.link(by: nil) ?? runLink
        self.startedMessage = startedMessage
    }
}
