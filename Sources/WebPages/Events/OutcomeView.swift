import Notifications
import Repository

/// What became of an event at one channel.
struct OutcomeView: Sendable {
    let channel: String
    let channelPath: String
    let kind: String
    /// Nil if there is no delivery.
    let state: StateView?
    let text: String
    let deliveryPath: String?

    init(_ outcome: ChannelOutcome, kinds: ChannelCatalogue, in page: PageContext) {
        channel = DisplayText.line(outcome.channelName)
        channelPath = page.path("channels/\(outcome.channelID)")
        kind = kinds.name(of: outcome.kind)
        state = outcome.state.map { StateView($0) }
        text = outcome.text
        deliveryPath = outcome.deliveryID.map { page.path("deliveries/\($0)") }
    }
}

extension OutcomeView {
    /// What is not delivered comes first; channels that the event has no delivery for are last.
    static let order: [DeliveryState?] = [.failed, .cancelled, .due, .claimed, .delivered, .skipped, nil]

    private static let shown = 50

    /// The first of them in that order, and how many more there are.
    static func first(
        of outcomes: [ChannelOutcome], kinds: ChannelCatalogue, in page: PageContext
    ) -> (shown: [OutcomeView], rest: Int?) {
        let sorted = order.flatMap { state in outcomes.filter { $0.state == state } }
        let rest = sorted.count - shown
        return (sorted.prefix(shown).map { OutcomeView($0, kinds: kinds, in: page) }, rest > 0 ? rest : nil)
    }
}
