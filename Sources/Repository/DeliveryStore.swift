import Notifications

/// What the service does with deliveries by itself: it claims them, writes what came of them, takes back what a dead
/// process held, and carries out replays and settlements. Nobody asked for it, so there is no principal.
package struct DeliveryStore: Sendable {
    let context: StoreContext

    /// The kinds that channels may be of.
    package var kinds: ChannelCatalogue { context.kinds }

    /// How many deliveries follow a change of their channel in one transaction: others write in between.
    package static let deliveriesSettledAtOnce = 500
}
