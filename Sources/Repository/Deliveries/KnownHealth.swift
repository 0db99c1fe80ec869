import Notifications

/// What a transaction has read and written of receivers' health so far, so that many results of one channel cost one
/// look-up and one note.
struct KnownHealth {
    var health: [ChannelQueue: ChannelHealth] = [:]
    /// Queues at which a message has arrived.
    var arrivals: Set<ChannelQueue> = []
}
