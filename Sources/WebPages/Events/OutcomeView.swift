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
    /// The first ones, and how many more there are.
    static func first(
        of digest: OutcomeDigest, kinds: ChannelCatalogue, in page: PageContext
    ) -> (shown: [OutcomeView], rest: Int?) {
        let rest = digest.counts.values.reduce(0, +) - digest.first.count
        return (digest.first.map { OutcomeView($0, kinds: kinds, in: page) }, rest > 0 ? rest : nil)
    }
}
