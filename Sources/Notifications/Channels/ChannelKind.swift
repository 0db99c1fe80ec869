/// A service that notifications can go to. One kind is one file of pure functions and one word in the catalog.
package protocol ChannelKind: Sendable {
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
    func request(for notice: Notice, settings: ChannelSettings) -> OutgoingRequest

    /// What the service's answer means.
    func verdict(on answer: Answer) -> Verdict
}

extension ChannelKind {
    package var receiver: String { name }
    package var rate: SendingRate? { nil }
    package var publicWords: [String] { [] }
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

/// The kinds there are.
package enum ChannelKinds {
    package static let all: [any ChannelKind] = [Slack(), HipChat(), WebHook()]

    package static func kind(_ id: String) -> (any ChannelKind)? {
        all.first { $0.id.sameBytes(as: id) }
    }
}
