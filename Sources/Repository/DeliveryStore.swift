import Notifications

/// What the service does with deliveries by itself: it claims them, records results, takes back what a dead process
/// held, and carries out replays and settlements. No caller is involved, so there is no principal.
package struct DeliveryStore: Sendable {
    let context: StoreContext

    /// The channel kinds.
    package var kinds: ChannelCatalogue { context.kinds }

    /// How many deliveries one transaction settles after a change of their channel, so that others can write in
    /// between.
    package static let deliveriesSettledAtOnce = 500
}
